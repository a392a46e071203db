/* A picker looks for the units of a part and does not find them all.
 *
 * The record promised what is not on the shelf. In that moment the record is put right: the missing
 * units are neither reserved nor on record any more, and whatever else the record shows of that
 * position as free is struck too, for the shelf is empty. Units that are reserved there for other
 * orders stay so until their own pickers look. The order asks other places by the rules of an oversold
 * one (order_again.c), and what nobody has is cancelled and refunded.
 *
 * A part keeps what was found and is handed over with it; one that lost everything is done. What the
 * customer pays for the missing units of an allocation is its share of it, rounded down for what was
 * found, so that both add up to it to the cent.
 */
#include "flow/world.h"

struct order_nil {
    struct omo_world *w;
    uint64_t identity;
    uint32_t slot, part, place, channel;
    struct order_line open[OMO_LINES_MAX];
    bool any;
};

/* Units of an allocation that were not there. */
static void order_nil_drop(struct order_nil *j, struct order_allocation *a, size_t position,
                           uint32_t sku, int32_t missing)
{
    struct omo_world *w = j->w;
    struct order_line *open = &j->open[a->line];
    struct feed_about about = world_about(j->identity, j->place, j->channel);
    int64_t kept = a->cents * (a->quantity - missing) / a->quantity;

    feed_line(&w->feed, FACT_PICK_NIL, about, sku, missing, a->cents - kept);
    feed_money(&w->feed, FACT_GOODS_BACK, about, missing,
               (int64_t)w->model->network.cost_cents[sku] * missing);
    open->quantity += missing;
    open->cents += a->cents - kept;
    a->cents = kept;
    a->quantity -= missing;
    stock_pick_nil(&w->stock, position, missing);
    stock_count_one(w, j->place, position);
    j->any = true;
}

static void order_nil_look(struct order_nil *j)
{
    struct omo_world *w = j->w;
    const struct network *n = &w->model->network;
    struct order_detail *d = &w->orders.detail[w->orders.order[j->slot].detail];

    uint32_t first[OMO_LINES_MAX] = {0};

    for (uint32_t i = 0; i < d->allocation_count; i++) {
        struct order_allocation *a = &d->allocation[i];
        if (a->part != j->part) {
            first[a->line] += (uint32_t)a->quantity;
            continue;
        }
        if (a->quantity == 0)
            continue;
        uint32_t sku = d->line[a->line].sku;
        size_t position = network_position(n, &n->place[j->place], sku);
        int32_t found = core_min_i32(a->quantity, stock_shelf(&w->stock, position));
        stock_pick(&w->stock, position, found);
        stock_mispick(w, &(struct sale){.identity = j->identity,
                                        .place = j->place,
                                        .channel = j->channel,
                                        .line = a->line,
                                        .sku = sku,
                                        .first = first[a->line],
                                        .quantity = found});
        first[a->line] += (uint32_t)a->quantity;
        if (found == a->quantity)
            continue;
        d->part[j->part].units -= a->quantity - found;
        order_nil_drop(j, a, position, sku, a->quantity - found);
    }
}

bool order_pick_find(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    struct order_nil j = {.w = w, .slot = slot, .part = part};

    if (w->stock.phantom == NULL)
        return true;
    j.identity = o->identity;
    j.channel = o->channel;
    j.place = w->orders.detail[o->detail].part[part].place;
    order_nil_look(&j);
    if (j.any)
        order_again(w, slot, j.place, j.open);
    return w->orders.detail[w->orders.order[slot].detail].part[part].units > 0;
}
