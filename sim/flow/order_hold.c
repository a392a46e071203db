/* Holds: units are set aside at check-out, the payment comes later, fails, or comes too late.
 *
 * A held unit is off the shelf for everybody else (it is in the column of reserved units and in the
 * view) but nothing is sold yet: no money, no order placed, no cost. With the payment the order goes
 * the way of any other; without it the units are free again, first for those who wait for them. The
 * time of the payment and its success are drawn by the order's identity, so a longer hold meets the
 * same customers. By Little's law the mean of held units is their rate times E[min(payment, hold)].
 */
#include "flow/order_job.h"

void order_hold(struct order_job *j, const int32_t open[OMO_LINES_MAX])
{
    struct omo_world *w = j->w;
    const omo_channel_options *o = &w->model->demand.channel[j->channel].options;
    uint32_t slot = pool_take(&w->checkouts.pool);
    struct checkout *k = &w->checkouts.item[slot];
    struct order_detail *d = j->detail;
    struct draw_cursor c;

    memset(k, 0, sizeof(*k));
    k->slot = j->slot;
    k->member = j->customer->member;
    k->prospect = j->customer->prospect;
    k->channels = j->customer->channels;
    k->avoid = j->customer->avoid;
    k->from_channel = j->customer->from_channel;
    k->cause = j->customer->cause;
    k->basket = j->customer->basket;
    k->near_place = j->near_place;
    k->whole = j->whole;
    d->line_count = j->wish->line_count;
    d->fee_cents = 0;
    for (uint32_t i = 0; i < d->line_count; i++) {
        d->line[i] = (struct order_line){.sku = j->wish->sku[i],
                                         .quantity = j->promised[i],
                                         .cents = j->line_cents[i]};
        k->open[i] = open[i];
        k->to_follow[i] = j->to_follow[i];
        k->oversold[i] = j->oversold[i];
        k->oversold_place[i] = j->oversold_place[i];
        if (j->to_follow[i] > 0) { /* field by field: what is saved has no holes */
            k->follow[i].place = j->follow[i].place;
            k->follow[i].distance_mm = j->follow[i].distance_mm;
        }
        k->list_cents += j->line_cents[i];
    }
    draw_begin(&c, w->key, DRAW_PAY, j->order, 0);
    int64_t pay_us = law_draw_us(&o->pay_time, &c);
    bool expires = o->hold_us != 0 && pay_us > o->hold_us;
    world_schedule(w, w->now_us + (expires ? o->hold_us : pay_us), EVENT_PAY, slot,
                   w->checkouts.pool.generation[slot], expires);
}

int64_t order_hold_units(const struct order_detail *d)
{
    int64_t units = 0;

    for (uint32_t i = 0; i < d->allocation_count; i++)
        units += d->allocation[i].quantity;
    return units;
}

/* Nothing was paid: the units go back, the order never was. */
static void order_hold_release(struct omo_world *w, const struct checkout *k, bool expired)
{
    const struct order *o = &w->orders.order[k->slot];
    /* A copy: who waits for the goods may be served, and the details move meanwhile. */
    const struct order_detail copy = w->orders.detail[o->detail], *d = &copy;
    const uint32_t detail = o->detail, channel = o->channel;
    struct feed_about about = world_about(o->identity, OMO_NONE, channel);
    int64_t promised = 0;

    for (uint32_t i = 0; i < d->line_count; i++)
        promised += d->line[i].quantity;
    feed_money(&w->feed, expired ? FACT_HOLD_EXPIRED : FACT_PAYMENT_FAILED, about, promised,
               k->list_cents);
    gauge_add(&w->tally.gauge[GAUGE_HELD], w->now_us, -order_hold_units(d));
    for (uint32_t i = 0; i < d->allocation_count; i++) {
        const struct order_allocation *a = &d->allocation[i];
        uint32_t sku = d->line[a->line].sku;
        about.place = d->part[a->part].place;
        feed_line(&w->feed, FACT_HOLD_RELEASED, about, sku, a->quantity,
                  (int64_t)w->model->network.price_cents[sku] * a->quantity);
        stock_unreserve(w, channel, about.place, sku, a->quantity);
    }
    pool_give(&w->orders.details, detail);
    pool_give(&w->orders.slots, k->slot);
}

/* Held units become reserved ones, each with its share of what was paid. */
static void order_hold_convert(struct order_job *j)
{
    struct omo_world *w = j->w;
    struct order_detail *d = j->detail;
    int64_t units = order_hold_units(d);

    gauge_add(&w->tally.gauge[GAUGE_HELD], w->now_us, -units);
    if (units != 0)
        feed_none(&w->feed, FACT_HOLD_PAID, order_job_about(j, OMO_NONE), units);
    for (uint32_t i = 0; i < d->allocation_count; i++) {
        struct order_allocation *a = &d->allocation[i];
        struct order_line *line = &d->line[a->line];
        int64_t cents = order_line_cents(line, a->quantity);
        a->cents = cents;
        feed_line(&w->feed, FACT_RESERVED, order_job_about(j, d->part[a->part].place), line->sku,
                  a->quantity, cents);
        order_job_count(j, a->part, line->sku, a->quantity, cents);
    }
}

static void order_hold_pay(struct omo_world *w, const struct checkout *k)
{
    struct order *o = &w->orders.order[k->slot];
    const struct customer customer = {.order = o->identity & ~ORDERS_SWITCHED,
                                      .basket = k->basket,
                                      .zone = o->zone,
                                      .segment = o->segment,
                                      .member = k->member,
                                      .prospect = k->prospect,
                                      .channels = k->channels,
                                      .avoid = k->avoid,
                                      .cause = (enum follow_cause)k->cause,
                                      .from_channel = k->from_channel};
    struct order_job j = {.w = w,
                          .customer = &customer,
                          .order = o->identity,
                          .channel = o->channel,
                          .detail = &w->orders.detail[o->detail],
                          .slot = k->slot,
                          .near_place = k->near_place,
                          .whole = k->whole};
    struct wish wish = {.line_count = j.detail->line_count};
    int32_t open[OMO_LINES_MAX];

    j.wish = &wish;
    j.line = j.detail->line;
    for (uint32_t i = 0; i < wish.line_count; i++) {
        const struct order_line *line = &j.detail->line[i];
        wish.sku[i] = line->sku;
        wish.quantity[i] = j.promised[i] = line->quantity;
        j.line_cents[i] = line->cents;
        j.to_follow[i] = k->to_follow[i];
        j.follow[i] = k->follow[i];
        j.promised_units += line->quantity;
        open[i] = k->open[i];
    }
    if (j.detail->from_us == 0 && j.detail->due_us != 0) /* the promise counts from here */
        j.detail->due_us += w->now_us - o->placed_us;
    o->placed_us = w->now_us;
    order_settle_pay(&j);
    for (uint32_t i = 0; i < wish.line_count; i++)
        if (k->oversold[i] > 0)
            order_ask_oversold(&j, i, k->oversold_place[i], k->oversold[i]);
    order_hold_convert(&j);
    order_settle(&j, open);
}

void order_hold_end(struct omo_world *w, uint32_t slot, bool expired)
{
    const struct checkout k = w->checkouts.item[slot];
    const struct order *o = &w->orders.order[k.slot];
    struct draw_cursor c;

    w->checkouts.item[slot].slot = OMO_NONE;
    pool_give(&w->checkouts.pool, slot);
    draw_begin(&c, w->key, DRAW_PAY, o->identity, 1);
    if (expired || draw_share(&c, w->model->demand.channel[o->channel].options.pay_fail_ppm))
        order_hold_release(w, &k, expired);
    else
        order_hold_pay(w, &k);
}
