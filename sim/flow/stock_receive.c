/* Units reach a place: those who wait are served first, in the order of their asking; the rest
 * goes to the shelf.
 *
 * They come in a shipment, or back from an order that nobody fetched. Perishable goods that come
 * back are thrown away: nobody knows how they were kept. */
#include "flow/world.h"

/* A walk-in has all that was to follow. */
static void stock_receive_sold(struct omo_world *w, uint32_t place, const struct waiter *waiter)
{
    order_return_sold(w, &(struct sale){.identity = waiter->identity,
                                        .place = place,
                                        .channel = waiter->channel,
                                        .line = waiter->line,
                                        .sku = waiter->sku,
                                        .first = waiter->first,
                                        .quantity = waiter->units,
                                        .member = waiter->member,
                                        .cents = waiter->paid_cents});
}

/* Serves the first waiter of a position with up to `units`. Returns the units used; 0 when a walk-in
 * waits and the shelf has none of those on record. */
static int32_t stock_receive_serve(struct omo_world *w, uint32_t place, size_t position,
                                   int32_t units)
{
    struct waiter *waiter = &w->waiting.waiter[w->waiting.first[position]];
    int32_t used = core_min_i32(units, waiter->quantity);
    if (waiter->order == OMO_NONE)
        used = core_min_i32(used, stock_here(&w->stock, position));
    if (used == 0)
        return 0;
    int64_t cents = waiter->cents * used / waiter->quantity;
    int64_t wait_us = w->now_us - waiter->since_us;
    struct feed_about about = world_about(waiter->identity, place, waiter->channel);

    waiter->cents -= cents;
    waiter->quantity -= used;
    w->stock.backordered[position] -= used;
    gauge_add(&w->tally.gauge[GAUGE_BACKORDERS], w->now_us, -(int64_t)used);
    feed_span(&w->feed, FACT_FILLED, about, used, wait_us * used);
    feed_line(&w->feed, FACT_RESERVED, about, waiter->sku, used, cents);
    feed_money(&w->feed, FACT_GOODS, about, 0,
               (int64_t)w->model->network.cost_cents[waiter->sku] * used);
    uint32_t slot = waiter->order, part = waiter->part;
    if (waiter->quantity == 0) {
        if (slot == OMO_NONE)
            stock_receive_sold(w, place, waiter);
        waiting_pop(&w->waiting, position);
    }
    bool last = slot == OMO_NONE ? stock_take(&w->stock, place, position, used, STOCK_SHOP)
                                 : stock_reserve(&w->stock, place, position, used, STOCK_SHOP);
    if (last)
        feed_none(&w->feed, FACT_STOCKOUT, world_about(0, place, OMO_FACT_NO_CHANNEL), 1);
    if (slot == OMO_NONE)
        return used;
    struct order_part *p = &w->orders.detail[w->orders.order[slot].detail].part[part];
    p->units += used;
    p->missing -= used;
    if (p->missing == 0)
        order_pick_schedule(w, slot, part);
    return used;
}

void stock_put_back(struct omo_world *w, uint32_t place, uint32_t sku, int32_t quantity,
                    bool reserved)
{
    const struct network *n = &w->model->network;
    size_t position = network_position(n, &n->place[place], sku);

    if (reserved)
        stock_issue(&w->stock, sku, position, quantity);
    if (n->shelf_life_days[sku] != 0) {
        feed_line(&w->feed, FACT_WASTED, world_about(0, place, OMO_FACT_NO_CHANNEL), sku, quantity,
                  (int64_t)n->cost_cents[sku] * quantity);
        return;
    }
    stock_give_back(&w->stock, place, position, quantity);
    stock_arrived(w, place, position, quantity);
}

void stock_arrived(struct omo_world *w, uint32_t place, size_t position, int32_t quantity)
{
    int32_t left = quantity, used = quantity;

    while (left > 0 && used > 0 && w->waiting.first != NULL &&
           w->waiting.first[position] != OMO_NONE) {
        used = stock_receive_serve(w, place, position, left);
        left -= used;
    }
    view_note(&w->view, &w->stock, position);
}

void stock_unreserve(struct omo_world *w, uint32_t channel, uint32_t place, uint32_t sku,
                     int32_t units)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[place];
    size_t position = network_position(&m->network, p, sku);
    bool waited = w->waiting.first != NULL && w->waiting.first[position] != OMO_NONE;

    stock_release(&w->stock, place, position, units,
                  waited ? STOCK_SHOP : order_pool(w, channel, place));
    stock_arrived(w, place, position, units);
}

static void stock_receive_line(struct omo_world *w, uint32_t place, size_t position,
                               int32_t quantity)
{
    stock_receive(&w->stock, place, position, quantity);
    w->tally.cycle_count++;
    stock_arrived(w, place, position, quantity);
}

void stock_receive_shipment(struct omo_world *w, uint32_t shipment)
{
    const uint32_t place = w->pipeline.shipment[shipment].place;
    const size_t first = w->model->network.place[place].position_first;
    uint32_t chunk = w->pipeline.shipment[shipment].first;

    feed_units(&w->feed, FACT_RECEIVED, place, w->pipeline.shipment[shipment].units);
    /* By index: an order that is served may need room, and the chunks may move. */
    for (; chunk != OMO_NONE; chunk = w->pipeline.chunk[chunk].next)
        for (uint32_t i = 0; i < w->pipeline.chunk[chunk].count; i++)
            stock_receive_line(w, place, first + w->pipeline.chunk[chunk].line[i].position,
                               w->pipeline.chunk[chunk].line[i].quantity);
    pipeline_end(&w->pipeline, shipment);
}
