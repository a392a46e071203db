/* Shipping: a parcel or a courier leaves with a part, and arrives.
 *
 * A courier's time is the station's service time (loading, the way back) drawn for the trip, the
 * channel's travel law, and distance at the channel's speed; the courier is busy for all of it.
 * A parcel has no courier of ours: it leaves at once, or when the carrier calls, once a day at the
 * cut-off. Couriers that take several orders are order_tour.c's. */
#include "flow/world.h"

void order_part_issue(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order_detail *d = &w->orders.detail[w->orders.order[slot].detail];
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[d->part[part].place];

    for (uint32_t i = 0; i < d->allocation_count; i++) {
        if (d->allocation[i].part != part || d->allocation[i].quantity == 0)
            continue;
        uint32_t sku = d->line[d->allocation[i].line].sku;
        stock_issue(&w->stock, sku, network_position(n, p, sku), d->allocation[i].quantity);
    }
}

/* Next time that the carrier calls. */
static int64_t order_ship_call_us(int64_t cutoff_us, int64_t now_us)
{
    int64_t call_us = now_us - now_us % OMO_US_PER_DAY + cutoff_us;

    return call_us >= now_us ? call_us : call_us + OMO_US_PER_DAY;
}

void order_ship_begin(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct channel *channel = &w->model->demand.channel[o->channel];
    struct order_part *p = &w->orders.detail[o->detail].part[part];
    uint32_t courier = p->place * OMO_ROLE_COUNT + OMO_ROLE_COURIER;
    bool carrier =
        channel->mode->path == MODE_PARCEL || w->model->network.station[courier].servers == 0;

    if (channel->options.batch_orders != 0) {
        order_tour_join(w, slot, part);
        return;
    }
    if (carrier && channel->options.cutoff_us >= 0) {
        world_schedule(w, order_ship_call_us(channel->options.cutoff_us, w->now_us), EVENT_CARRIER,
                       slot, w->orders.slots.generation[slot], part);
        return;
    }
    p->joined_us = w->now_us;
    if (carrier || labour_join(&w->station[courier], orders_job(o, part), w->orders.part_link,
                               &w->labour_gauges[OMO_ROLE_COURIER], w->now_us))
        order_ship(w, slot, part);
}

void order_courier_start(struct omo_world *w, uint32_t job)
{
    uint32_t slot = w->orders.detail_order[job / ORDERS_PARTS_MAX];

    if (w->model->demand.channel[w->orders.order[slot].channel].options.batch_orders != 0)
        order_tour_start(w, job);
    else
        order_ship(w, slot, job % ORDERS_PARTS_MAX);
}

void order_ship(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct order_part *p = &w->orders.detail[o->detail].part[part];
    const omo_channel_options *options = &w->model->demand.channel[o->channel].options;
    const struct station_spec *spec =
        &w->model->network.station[p->place * OMO_ROLE_COUNT + OMO_ROLE_COURIER];
    struct feed_about about = world_about(o->identity, p->place, o->channel);
    struct draw_cursor c;

    order_part_issue(w, slot, part);
    feed_money(&w->feed, FACT_SHIPPED, about, p->units,
               options->cost_parcel_cents + p->distance_mm * options->cost_km_cents / 1000000);
    feed_span(&w->feed, FACT_TRIP, about, (int64_t)(o->zone & OMO_FACT_QUANTITY_MAX),
              p->distance_mm);
    draw_begin(&c, w->key, DRAW_TRAVEL, o->identity, part);
    int64_t travel_us = law_draw_us(&options->travel, &c);
    if (options->speed_kmh > 0.0)
        travel_us += (int64_t)((double)p->distance_mm * 3600.0 / options->speed_kmh);
    if (w->model->demand.channel[o->channel].mode->path == MODE_COURIER && spec->servers != 0)
        travel_us += law_draw_us(&spec->service, &c);
    world_schedule(w, w->now_us + travel_us, EVENT_TRIP_DONE, slot,
                   w->orders.slots.generation[slot], part);
}

void order_trip_done(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct channel *channel = &w->model->demand.channel[o->channel];
    struct order_detail *d = &w->orders.detail[o->detail];
    uint32_t courier = d->part[part].place * OMO_ROLE_COUNT + OMO_ROLE_COURIER;
    uint32_t job = OMO_NONE;

    if (channel->mode->to_locker) {
        order_locker_arrive(w, slot, part);
        return;
    }
    feed_span(&w->feed, FACT_DELIVERED, world_about(o->identity, d->part[part].place, o->channel),
              d->part[part].units, w->now_us - o->placed_us);
    order_return_part(w, slot, part);
    d->ready_us = w->now_us;
    if (channel->mode->path == MODE_COURIER && channel->options.batch_orders == 0 &&
        w->model->network.station[courier].servers != 0)
        job = labour_leave(&w->station[courier], w->orders.part_link,
                           &w->labour_gauges[OMO_ROLE_COURIER], w->now_us);
    order_part_done(w, slot);
    if (job != OMO_NONE)
        order_courier_start(w, job);
}
