/* The table of open orders: a hash table of identities, only ever asked for one of them, so that
 * nothing depends on its order. One allocation an order: a day of a large chain has some ten
 * thousand, beside a million of events. */
#include "traffic/journeys_orders.h"

#include <string.h>

JourneysOrders *journeys_orders_new(void)
{
    /* The key is the first member of what it leads to. */
    return (JourneysOrders *)g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
}

static GHashTable *orders_table(const JourneysOrders *orders)
{
    return (GHashTable *)(gpointer)orders;
}

void journeys_orders_free(JourneysOrders *orders)
{
    if (orders != NULL)
        g_hash_table_unref(orders_table(orders));
}

void journeys_orders_add(JourneysOrders *orders, const struct journeys_visit *v, int64_t from_us)
{
    const size_t line_size = v->taken_count * sizeof(struct journeys_line);
    struct journeys_order *o =
        g_malloc(sizeof *o + line_size + v->taken_count * sizeof(struct journeys_part));

    *o = (struct journeys_order){.order = v->order,
                                 .from_us = from_us,
                                 .channel = v->channel,
                                 .line_count = v->taken_count};
    memcpy(o->line, v->taken, line_size);
    o->part = (struct journeys_part *)(void *)&o->line[v->taken_count];
    for (uint32_t i = 0; i < v->taken_count; i++) {
        struct journeys_part *part = journeys_order_part(o, v->taken[i].place);
        if (part == NULL) {
            part = &o->part[o->part_count++];
            *part = (struct journeys_part){.place = v->taken[i].place, .pick_us = INT64_MIN};
        }
        part->units += v->taken[i].quantity;
        part->cents += v->taken[i].cents;
        part->line_count++;
    }
    g_hash_table_replace(orders_table(orders), &o->order, o);
}

struct journeys_order *journeys_orders_find(const JourneysOrders *orders, uint64_t order)
{
    return g_hash_table_lookup(orders_table(orders), &order);
}

struct journeys_part *journeys_order_part(struct journeys_order *o, uint32_t place)
{
    for (uint32_t i = 0; i < o->part_count; i++)
        if (o->part[i].place == place)
            return &o->part[i];
    return NULL;
}

const struct journeys_line *journeys_order_line(const struct journeys_order *o,
                                                const struct journeys_part *part, uint32_t i)
{
    const struct journeys_line *line = o->line;

    for (; line->place != part->place || i-- > 0; line++)
        g_assert(line < &o->line[o->line_count - 1]);
    return line;
}

void journeys_orders_remove(JourneysOrders *orders, uint64_t order)
{
    g_hash_table_remove(orders_table(orders), &order);
}
