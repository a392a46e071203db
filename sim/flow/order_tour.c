/* Tours: a courier takes several orders of a place at once.
 *
 * Parts of one channel that are picked gather in a batch of their place; it closes when it is full,
 * or when its first part has waited long enough, and waits for a courier like a single part. The
 * courier loads (the station's service time, once), drives from customer to customer, always on to
 * the nearest one that is left (nearest neighbour: within some 25 % of the shortest tour on random
 * points (Johnson & McGeoch 1997), and what riders do), hands over at each door (the channel's
 * travel law) and comes back. Busy for all of it, the way back included: a courier without batches
 * is free at the customer's door, because there the service time stands for the way back.
 *
 * The first leg and the way back are the customers' own distances to the place, so that fields of
 * random places need no position; legs between customers are great circles or straight lines. The
 * cost of the tour (one trip, its kilometres) is shared out evenly. A batch's parts are chained by
 * `mate`; the first stands for them in the courier's queue. */
#include "base/geo.h"
#include "flow/world.h"

static uint32_t order_tour_batch(const struct omo_world *w, uint32_t place, uint32_t channel)
{
    return place * w->model->demand.channel_count + channel;
}

static void order_tour_close(struct omo_world *w, uint32_t batch)
{
    struct batch *b = &w->batch[batch];
    uint32_t place = batch / w->model->demand.channel_count, job = b->first;
    uint32_t courier = place * OMO_ROLE_COUNT + OMO_ROLE_COURIER;

    b->count = 0;
    b->ordinal++;
    if (w->model->network.station[courier].servers == 0 ||
        labour_join(&w->station[courier], job, w->orders.part_link,
                    &w->labour_gauges[OMO_ROLE_COURIER], w->now_us))
        order_courier_start(w, job);
}

void order_tour_join(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const omo_channel_options *options = &w->model->demand.channel[o->channel].options;
    struct order_part *p = &w->orders.detail[o->detail].part[part];
    uint32_t batch = order_tour_batch(w, p->place, o->channel), job = orders_job(o, part);
    struct batch *b = &w->batch[batch];

    p->joined_us = w->now_us;
    p->mate = 0;
    if (b->count == 0) {
        b->first = job;
        if (options->batch_orders > 1)
            world_schedule(w, w->now_us + options->batch_wait_us, EVENT_BATCH_CLOSE, batch, 0,
                           b->ordinal);
    } else {
        orders_part_of(&w->orders, b->last)->mate = job + 1;
    }
    b->last = job;
    if (++b->count >= options->batch_orders)
        order_tour_close(w, batch);
}

void order_tour_wait_over(struct omo_world *w, uint32_t batch, uint32_t ordinal)
{
    if (w->batch[batch].count != 0 && w->batch[batch].ordinal == ordinal)
        order_tour_close(w, batch);
}

struct order_tour { /* under way through this file */
    uint32_t count;
    uint32_t job[OMO_TOUR_MAX];   /* in the order of the visits */
    int64_t leg_mm[OMO_TOUR_MAX]; /* to each */
    int64_t tour_mm;              /* the way back included */
};

static int64_t order_tour_mm(const struct omo_world *w, uint32_t a, uint32_t b)
{
    const struct order_detail *from = &w->orders.detail[a / ORDERS_PARTS_MAX];
    const struct order_detail *to = &w->orders.detail[b / ORDERS_PARTS_MAX];
    const omo_run_options *run = &w->model->run;
    double km = run->geometry == OMO_GEOMETRY_SPHERE
                    ? geo_haversine_km(from->lat, from->lon, to->lat, to->lon)
                    : geo_plane_km(from->lon, from->lat, to->lon, to->lat, run->torus_side_km);

    return (int64_t)(km * 1e6 + 0.5);
}

/* Brings the batch into the order of its visits. O(n^2) in its parts, at most OMO_TOUR_MAX. */
static void order_tour_plan(const struct omo_world *w, uint32_t leader, struct order_tour *t)
{
    uint32_t left[OMO_TOUR_MAX], count = 0;

    for (uint32_t job = leader;; job = orders_part_of(&w->orders, job)->mate - 1) {
        OMO_ASSERT(count < OMO_TOUR_MAX);
        left[count++] = job;
        if (orders_part_of(&w->orders, job)->mate == 0)
            break;
    }
    *t = (struct order_tour){.count = count};
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t best = 0;
        int64_t best_mm = INT64_MAX;
        for (uint32_t k = 0; k < count; k++) {
            int64_t mm = i == 0 ? orders_part_of(&w->orders, left[k])->distance_mm
                                : order_tour_mm(w, t->job[i - 1], left[k]);
            if (mm < best_mm) {
                best_mm = mm;
                best = k;
            }
        }
        t->job[i] = left[best];
        t->leg_mm[i] = best_mm;
        t->tour_mm += best_mm;
        left[best] = left[--count];
    }
    t->tour_mm += orders_part_of(&w->orders, t->job[t->count - 1])->distance_mm;
}

static int64_t order_tour_drive_us(const omo_channel_options *options, int64_t mm)
{
    return options->speed_kmh > 0.0 ? (int64_t)((double)mm * 3600.0 / options->speed_kmh) : 0;
}

void order_tour_start(struct omo_world *w, uint32_t leader)
{
    const struct order *o = &w->orders.order[w->orders.detail_order[leader / ORDERS_PARTS_MAX]];
    const omo_channel_options *options = &w->model->demand.channel[o->channel].options;
    uint32_t place = orders_part_of(&w->orders, leader)->place;
    uint32_t courier = place * OMO_ROLE_COUNT + OMO_ROLE_COURIER;
    const struct station_spec *spec = &w->model->network.station[courier];
    struct order_tour t;
    struct draw_cursor c;
    int64_t after_us = 0;

    order_tour_plan(w, leader, &t);
    int64_t cost_cents = options->cost_parcel_cents + t.tour_mm * options->cost_km_cents / 1000000;
    feed_span(&w->feed, FACT_TOUR, world_about(o->identity, place, o->channel), t.count, t.tour_mm);
    if (spec->servers != 0) {
        draw_begin(&c, w->key, DRAW_TOUR, o->identity, leader % ORDERS_PARTS_MAX);
        after_us = law_draw_us(&spec->service, &c);
    }
    for (uint32_t i = 0; i < t.count; i++) {
        uint32_t slot = w->orders.detail_order[t.job[i] / ORDERS_PARTS_MAX];
        uint32_t part = t.job[i] % ORDERS_PARTS_MAX;
        const struct order *stop = &w->orders.order[slot];
        struct feed_about about = world_about(stop->identity, place, stop->channel);
        order_part_issue(w, slot, part);
        feed_money(&w->feed, FACT_SHIPPED, about, orders_part_of(&w->orders, t.job[i])->units,
                   cost_cents * (i + 1) / t.count - cost_cents * i / t.count);
        feed_span(&w->feed, FACT_TRIP, about, (int64_t)(stop->zone & OMO_FACT_QUANTITY_MAX),
                  t.leg_mm[i]);
        draw_begin(&c, w->key, DRAW_TRAVEL, stop->identity, part);
        after_us += order_tour_drive_us(options, t.leg_mm[i]) + law_draw_us(&options->travel, &c);
        world_schedule(w, w->now_us + after_us, EVENT_TRIP_DONE, slot,
                       w->orders.slots.generation[slot], part);
    }
    if (spec->servers == 0)
        return;
    after_us +=
        order_tour_drive_us(options, orders_part_of(&w->orders, t.job[t.count - 1])->distance_mm);
    world_schedule(w, w->now_us + after_us, EVENT_TOUR_DONE, place, 0, 0);
}

void order_tour_done(struct omo_world *w, uint32_t place)
{
    uint32_t courier = place * OMO_ROLE_COUNT + OMO_ROLE_COURIER;
    uint32_t job = labour_leave(&w->station[courier], w->orders.part_link,
                                &w->labour_gauges[OMO_ROLE_COURIER], w->now_us);

    if (job != OMO_NONE)
        order_courier_start(w, job);
}
