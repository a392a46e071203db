/* Not fetched: when the hold is over, the goods of a part go back on sale and the customer gets the
 * money back, or owes it no longer.
 *
 * Goods of a store are released where they stand; a locker's parcel comes back to the place that
 * sent it, with the carrier's next call, which is taken as at once. The cost of the goods and the
 * platform's commission are taken back; what the order's handling, its way to the locker and its
 * coupon cost is lost, and so is the fee to the customer who had paid it. */
#include "base/money.h"
#include "flow/member.h"

bool order_expire_no_show(const struct omo_world *w, const struct order *o)
{
    uint32_t ppm = w->model->demand.channel[o->channel].options.no_show_ppm;
    struct draw_cursor c;

    if (ppm == 0)
        return false;
    draw_begin(&c, w->key, DRAW_NO_SHOW, o->identity, 0);
    return draw_share(&c, ppm);
}

/* The goods of a part are for sale again; the order's money follows them. */
static void order_expire_goods(struct omo_world *w, const struct pickup *k, struct feed_about about)
{
    const omo_channel_options *options = &w->model->demand.channel[k->channel].options;
    /* A copy: who waits for the goods may be served, and the details move meanwhile. */
    const struct order_detail d = w->orders.detail[w->orders.order[k->order].detail];
    bool reserved = about.place == k->place; /* else they were shipped to a locker */
    int64_t cents = 0, goods_cents = 0;
    int32_t units = d.part[k->part].units;

    for (uint32_t i = 0; i < d.allocation_count; i++) {
        const struct order_allocation *a = &d.allocation[i];
        uint32_t sku = d.line[a->line].sku;
        if (a->part != k->part || a->quantity == 0)
            continue;
        feed_line(&w->feed, reserved ? FACT_RELEASED : FACT_BROUGHT_BACK, about, sku, a->quantity,
                  a->cents);
        stock_put_back(w, about.place, sku, a->quantity, reserved);
        cents += a->cents;
        goods_cents += (int64_t)w->model->network.cost_cents[sku] * a->quantity;
    }
    if (goods_cents != 0)
        feed_money(&w->feed, FACT_GOODS_BACK, about, units, goods_cents);
    if (options->commission_ppm != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0,
                   -money_share(cents, options->commission_ppm));
    struct order_detail *left = &w->orders.detail[w->orders.order[k->order].detail];
    order_give_back(w, left, about, units, cents);
    if (w->model->members.points_at_payment)
        points_take_back(w, about, left->member, cents);
    else
        left->earns_cents = core_max_i64(0, left->earns_cents - cents);
}

void order_expire(struct omo_world *w, uint32_t pickup)
{
    const struct pickup k = w->pickups.item[pickup];
    const struct order *o = &w->orders.order[k.order];
    const struct order_part *p = &w->orders.detail[o->detail].part[k.part];
    struct feed_about about = world_about(k.identity, p->place, k.channel);

    feed_span(&w->feed, FACT_PICKUP_EXPIRED, about, p->units, w->now_us - k.ready_us);
    if (order_expire_no_show(w, o))
        feed_none(&w->feed, FACT_NO_SHOW, about, 1);
    order_expire_goods(w, &k, about);
    w->orders.order[k.order].in_full = 0;
    order_part_done(w, k.order);
    order_shelf_leave(w, pickup);
}
