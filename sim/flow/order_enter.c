/* How a store hears of an online order.
 *
 * Merged, the order is there at once, or one lag later, or with the next exchange of files. Siloed, it
 * comes by telephone or as a print-out and a clerk keys it in: while the store is open, in the time
 * that it takes, as a job of the pickers where there are any. What is keyed in wrongly comes to
 * light before anything is handed over: that part is cancelled and refunded, its units are back on
 * the shelf. That is the case of chains with a handful of online orders a store and day, where an
 * interface would not pay. */
#include "flow/order_job.h"

#define ORDER_ENTER_LATE INT64_C(0x3FFFFFFFFFFFFFFF) /* after every horizon */

static struct order_part *order_enter_part(const struct omo_world *w, uint32_t slot, uint32_t part)
{
    return &w->orders.detail[w->orders.order[slot].detail].part[part];
}

static bool order_enter_by_hand(const struct omo_world *w, uint32_t place)
{
    return w->model->integration.orders == OMO_SILOED &&
           w->model->network.place[place].kind == OMO_PLACE_STORE;
}

/* The picker station that keys the order in, or OMO_NONE. */
static uint32_t order_enter_station(const struct omo_world *w, uint32_t place)
{
    uint32_t station = place * OMO_ROLE_COUNT + OMO_ROLE_PICKER;

    return w->model->integration.entry_staff && w->model->network.station[station].servers != 0
               ? station
               : OMO_NONE;
}

void order_enter(struct omo_world *w, uint32_t slot, uint32_t part)
{
    uint32_t place = order_enter_part(w, slot, part)->place;
    int64_t at_us = w->now_us;

    if (order_enter_by_hand(w, place)) {
        at_us = order_pick_open_us(&w->model->network.place[place], w->now_us);
    } else if (w->model->integration.orders == OMO_MERGED) {
        struct sync sync = model_sync(w->model, OMO_DATA_ORDERS);
        at_us = core_min_i64(sync_known_us(&sync, w->now_us), ORDER_ENTER_LATE);
    }
    if (at_us == w->now_us)
        order_enter_begin(w, slot, part);
    else
        world_schedule(w, at_us, EVENT_ENTRY_BEGIN, slot, w->orders.slots.generation[slot], part);
}

void order_enter_begin(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    struct order_part *p = order_enter_part(w, slot, part);
    uint32_t station = order_enter_station(w, p->place);

    if (!order_enter_by_hand(w, p->place)) {
        order_pick_schedule(w, slot, part);
        return;
    }
    p->entry = station == OMO_NONE ? ORDER_ENTRY_CLERK : ORDER_ENTRY_PICKER;
    p->joined_us = w->now_us;
    if (station == OMO_NONE ||
        labour_join(&w->station[station], o->detail * ORDERS_PARTS_MAX + part, w->orders.part_link,
                    &w->labour_gauges[OMO_ROLE_PICKER], w->now_us))
        order_enter_start(w, slot, part);
}

void order_enter_start(struct omo_world *w, uint32_t slot, uint32_t part)
{
    struct draw_cursor c;

    draw_begin(&c, w->key, DRAW_ENTRY, w->orders.order[slot].identity, part * 2);
    world_schedule(w, w->now_us + law_draw_us(&w->model->integration.entry_time, &c),
                   EVENT_ENTRY_DONE, slot, w->orders.slots.generation[slot], part);
}

/* The part was keyed in wrongly: its units go back, its money too. */
static void order_enter_undo(struct omo_world *w, uint32_t slot, uint32_t part)
{
    /* A copy: who waits for the goods may be served, and the details move meanwhile. */
    const struct order_detail d = w->orders.detail[w->orders.order[slot].detail];
    const uint32_t channel = w->orders.order[slot].channel;
    struct feed_about about =
        world_about(w->orders.order[slot].identity, d.part[part].place, channel);
    int64_t refund = 0, goods = 0, units = 0;

    for (uint32_t i = 0; i < d.allocation_count; i++) {
        const struct order_allocation *a = &d.allocation[i];
        uint32_t sku = d.line[a->line].sku;
        if (a->part != part)
            continue;
        feed_line(&w->feed, FACT_ENTRY_ERROR, about, sku, a->quantity, a->cents);
        stock_unreserve(w, channel, about.place, sku, a->quantity);
        refund += a->cents;
        goods += (int64_t)w->model->network.cost_cents[sku] * a->quantity;
        units += a->quantity;
    }
    struct order_detail *left = &w->orders.detail[w->orders.order[slot].detail];
    if (goods != 0)
        feed_money(&w->feed, FACT_GOODS_BACK, about, units, goods);
    order_give_back(w, left, about, units, refund);
    if (w->model->members.points_at_payment)
        points_take_back(w, about, left->member, refund);
    else
        left->earns_cents = core_max_i64(0, left->earns_cents - refund);
    if (w->model->integration.entry_error_cents != 0)
        feed_money(&w->feed, FACT_PENALTY, about, 0, w->model->integration.entry_error_cents);
    w->orders.order[slot].in_full = 0;
    left->part[part].units = 0;
    left->ready_us = w->now_us;
    order_part_done(w, slot);
}

void order_enter_done(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    struct order_part *p = order_enter_part(w, slot, part);
    uint32_t next = OMO_NONE;
    struct draw_cursor c;

    if (p->entry == ORDER_ENTRY_PICKER)
        next = labour_leave(&w->station[p->place * OMO_ROLE_COUNT + OMO_ROLE_PICKER],
                            w->orders.part_link, &w->labour_gauges[OMO_ROLE_PICKER], w->now_us);
    p->entry = ORDER_ENTRY_NONE;
    feed_span(&w->feed, FACT_ENTERED, world_about(o->identity, p->place, o->channel), p->units,
              w->now_us - o->placed_us);
    draw_begin(&c, w->key, DRAW_ENTRY, o->identity, part * 2 + 1);
    if (draw_share(&c, w->model->integration.entry_error_ppm))
        order_enter_undo(w, slot, part);
    else
        order_pick_schedule(w, slot, part);
    if (next != OMO_NONE)
        order_pick_start(w, w->orders.detail_order[next / ORDERS_PARTS_MAX],
                         next % ORDERS_PARTS_MAX);
}
