/* Collecting: the customer comes for what is ready, the counter finds it and hands it over.
 *
 * Where a channel says how long that takes (`verify`: the code is scanned, the goods are found, the
 * list is gone through) or a third party's parcel does, the customer waits for a server of the
 * counter, a role of its own: shops that mean it have a desk beside the tills, and a walk-in's wait
 * at the till stays what it is. The counter's own service time comes on top. A place without a
 * counter lets everybody help himself, in that time but without a queue. */
#include "flow/world.h"

static uint32_t order_collect_station(const struct pickup *k)
{
    return k->place * OMO_ROLE_COUNT + OMO_ROLE_COUNTER;
}

/* Staff time for it, besides the counter's own. */
static const omo_law *order_collect_law(const struct omo_world *w, const struct pickup *k)
{
    const struct network *n = &w->model->network;

    return k->order != OMO_NONE ? &w->model->demand.channel[k->channel].options.verify
                                : &n->parcel_point[n->place[k->place].parcels].service;
}

static struct feed_about order_collect_about(const struct pickup *k)
{
    return world_about(k->order != OMO_NONE ? k->identity : 0, k->place, k->channel);
}

/* What is due is paid: the part's goods, and the order's fee with the first of them. */
static void order_collect_pay(struct omo_world *w, struct order_detail *d, const struct pickup *k)
{
    int64_t cents = d->fee_cents;

    if (d->due_cents == 0)
        return;
    d->fee_cents = 0;
    for (uint32_t i = 0; i < d->allocation_count; i++)
        if (d->allocation[i].part == k->part)
            cents += d->allocation[i].cents;
    OMO_ASSERT(cents <= d->due_cents);
    d->due_cents -= cents;
    feed_money(&w->feed, FACT_SETTLED, order_collect_about(k), d->part[k->part].units, cents);
}

/* The customer has it. */
static void order_collect_have(struct omo_world *w, uint32_t pickup)
{
    const struct pickup k = w->pickups.item[pickup];
    const struct network *n = &w->model->network;
    int64_t span_us = w->now_us - k.ready_us;

    if (k.order == OMO_NONE) {
        int64_t fee_cents = n->parcel_point[n->place[k.place].parcels].fee_cents;
        feed_span(&w->feed, FACT_PARCEL_OUT, order_collect_about(&k), 1, span_us);
        if (fee_cents != 0)
            feed_money(&w->feed, FACT_PARCEL_FEE, order_collect_about(&k), 1, fee_cents);
        order_shelf_leave(w, pickup);
        return;
    }
    struct order_detail *d = &w->orders.detail[w->orders.order[k.order].detail];
    bool locker = n->place[k.place].kind == OMO_PLACE_LOCKER;
    if (!locker)
        order_part_issue(w, k.order, k.part);
    feed_span(&w->feed, locker ? FACT_FETCHED : FACT_COLLECTED, order_collect_about(&k),
              d->part[k.part].units, span_us);
    order_collect_pay(w, d, &k);
    order_return_part(w, k.order, k.part);
    order_part_done(w, k.order);
    order_shelf_leave(w, pickup);
}

void order_collect_start(struct omo_world *w, uint32_t pickup)
{
    const struct pickup *k = &w->pickups.item[pickup];
    const struct station_spec *spec = &w->model->network.station[order_collect_station(k)];
    int64_t wait_us = w->now_us - k->joined_us;
    struct draw_cursor c;

    feed_span(&w->feed, FACT_VERIFY_START, order_collect_about(k), wait_us > 0, wait_us);
    draw_begin(&c, w->key, DRAW_VERIFY, k->identity, k->part);
    int64_t service_us = law_draw_us(order_collect_law(w, k), &c);
    if (spec->servers != 0)
        service_us += law_draw_us(&spec->service, &c);
    world_schedule(w, w->now_us + service_us, EVENT_VERIFY_DONE, pickup,
                   w->pickups.pool.generation[pickup], 0);
}

void order_collect(struct omo_world *w, uint32_t pickup)
{
    struct pickup *k = &w->pickups.item[pickup];
    const omo_law *law = order_collect_law(w, k);
    uint32_t counter = order_collect_station(k);

    if ((law->kind == OMO_LAW_CONSTANT && law->a == 0.0) ||
        w->model->network.place[k->place].kind == OMO_PLACE_LOCKER) {
        order_collect_have(w, pickup);
        return;
    }
    k->joined_us = w->now_us;
    if (w->model->network.station[counter].servers == 0 ||
        labour_join(&w->station[counter], pickup, w->pickups.link,
                    &w->labour_gauges[OMO_ROLE_COUNTER], w->now_us))
        order_collect_start(w, pickup);
}

void order_collect_done(struct omo_world *w, uint32_t pickup)
{
    const struct pickup *k = &w->pickups.item[pickup];
    uint32_t counter = order_collect_station(k), next = OMO_NONE;

    feed_span(&w->feed, FACT_VERIFIED, order_collect_about(k), 1, w->now_us - k->joined_us);
    if (w->model->network.station[counter].servers != 0)
        next = labour_leave(&w->station[counter], w->pickups.link,
                            &w->labour_gauges[OMO_ROLE_COUNTER], w->now_us);
    order_collect_have(w, pickup);
    if (next != OMO_NONE)
        order_collect_start(w, next);
}
