/* Where an order's units come from. One rule, in two sentences:
 *
 *     A place that the customer named serves the order when it has all of it.
 *     Else each line comes from the nearest place that ships and has all of the line; a line that no
 *     single place has is put together from several, nearest first.
 *
 * Nearest is meant from the named place; without one, places are asked in the order of their
 * seeding. Planning only reads: what it plans is taken in the same transaction right afterwards
 * (units_take()), all of it or nothing.
 *
 * The second half looks at every place that ships, so it costs their number, about a microsecond
 * each; an index of what is available where would make it a look-up and each sale dearer. It is
 * asked only when the first half fails.
 */
#include "backend/shop.h"

#define SUPPLY_NEAR_MAX 64 /* places that are considered for a line */

struct supply_near {
    int64_t place[SUPPLY_NEAR_MAX], available[SUPPLY_NEAR_MAX];
    uint32_t count;
};

/* Units of this product that the plan takes from a place already, for other lines. */
static int64_t supply_planned(const struct supply *supply, const struct shop_line *line,
                              int64_t place, int64_t product)
{
    int64_t units = 0;

    for (uint32_t i = 0; i < supply->count; i++)
        if (supply->part[i].place == place && line[supply->part[i].line].product == product)
            units += supply->part[i].quantity;
    return units;
}

static bool supply_add(struct supply *supply, uint32_t line, int64_t place, int64_t quantity)
{
    if (supply->count == SHOP_PARTS_MAX)
        return false;
    supply->part[supply->count++] = (struct supply_part){line, place, quantity};
    return true;
}

static bool supply_whole(struct call *call, int64_t place, const struct shop_line *line,
                         uint32_t line_count, struct supply *supply)
{
    supply->count = 0;
    for (uint32_t i = 0; i < line_count; i++) {
        const int64_t there = units_available(call, units_position(place, line[i].product)) -
                              supply_planned(supply, line, place, line[i].product);
        if (there < line[i].quantity || !supply_add(supply, i, place, line[i].quantity))
            return false;
    }
    return true;
}

static void supply_look_near(struct call *call, int64_t place, int64_t product,
                             struct supply_near *ret_near)
{
    const enum statement s = place != 0 ? STATEMENT_position_near : STATEMENT_position_any;

    ret_near->count = 0;
    if (place != 0)
        store_bind(call->store, s, "iii", product, (int64_t)SUPPLY_NEAR_MAX, place);
    else
        store_bind(call->store, s, "ii", product, (int64_t)SUPPLY_NEAR_MAX);
    while (ret_near->count < SUPPLY_NEAR_MAX && store_row(call->store, s)) {
        ret_near->place[ret_near->count] = store_int(call->store, s, 0);
        ret_near->available[ret_near->count++] = store_int(call->store, s, 1);
    }
}

static bool supply_line(const struct supply_near *near, const struct shop_line *line, uint32_t i,
                        struct supply *supply)
{
    int64_t left = line[i].quantity;

    for (uint32_t n = 0; n < near->count; n++)
        if (near->available[n] - supply_planned(supply, line, near->place[n], line[i].product) >=
            left)
            return supply_add(supply, i, near->place[n], left);
    for (uint32_t n = 0; n < near->count && left > 0; n++) {
        const int64_t there =
            near->available[n] - supply_planned(supply, line, near->place[n], line[i].product);
        if (there > 0) {
            if (!supply_add(supply, i, near->place[n], MIN(there, left)))
                return false;
            left -= MIN(there, left);
        }
    }
    return left == 0;
}

bool supply_plan(struct call *call, int64_t place, const struct shop_line *line,
                 uint32_t line_count, struct supply *ret_supply)
{
    struct supply_near near;

    if (place != 0 && supply_whole(call, place, line, line_count, ret_supply))
        return true;
    ret_supply->count = 0;
    for (uint32_t i = 0; i < line_count; i++) {
        supply_look_near(call, place, line[i].product, &near);
        if (!supply_line(&near, line, i, ret_supply))
            return false;
    }
    return true;
}
