/* Picking: a part of an order waits for a picker during opening hours, is picked, and goes on
 * its way.
 *
 * A part is a job of the place's picker station (detail index x parts + part); a place without
 * pickers picks in no time. A part routed while the place is closed begins when it opens. */
#include "flow/world.h"

static uint32_t order_pick_job(const struct order *o, uint32_t part)
{
    return o->detail * ORDERS_PARTS_MAX + part;
}

int64_t order_pick_open_us(const struct place *p, int64_t now_us)
{
    if (p->opens_us == p->closes_us)
        return now_us;
    int64_t midnight_us = now_us - now_us % OMO_US_PER_DAY;
    int64_t time_us = now_us - midnight_us;
    if (p->opens_us < p->closes_us) {
        if (time_us < p->opens_us)
            return midnight_us + p->opens_us;
        return time_us < p->closes_us ? now_us : midnight_us + OMO_US_PER_DAY + p->opens_us;
    }
    return time_us >= p->opens_us || time_us < p->closes_us ? now_us : midnight_us + p->opens_us;
}

void order_pick_schedule(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct place *p = &w->model->network.place[w->orders.detail[o->detail].part[part].place];
    int64_t at_us = order_pick_open_us(p, w->now_us);
    const struct order_detail *d = &w->orders.detail[o->detail];

    /* For the door, a part is picked when its slot begins; what is fetched is ready before. */
    if (w->model->demand.channel[o->channel].mode->path != MODE_COLLECT && d->from_us > at_us)
        at_us = d->from_us;

    if (at_us == w->now_us)
        order_pick_begin(w, slot, part);
    else
        world_schedule(w, at_us, EVENT_PICK_BEGIN, slot, w->orders.slots.generation[slot], part);
}

void order_pick_start(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct order_part *p = &w->orders.detail[o->detail].part[part];
    const struct station_spec *spec =
        &w->model->network.station[p->place * OMO_ROLE_COUNT + OMO_ROLE_PICKER];
    struct draw_cursor c;

    if (p->entry == ORDER_ENTRY_PICKER) {
        order_enter_start(w, slot, part);
        return;
    }
    feed_span(&w->feed, FACT_PICK_START, world_about(o->identity, p->place, o->channel), 1,
              w->now_us - p->joined_us);
    draw_begin(&c, w->key, DRAW_SERVICE, o->identity, part * OMO_ROLE_COUNT + OMO_ROLE_PICKER);
    world_schedule(w, w->now_us + law_draw_us(&spec->service, &c), EVENT_PICK_DONE, slot,
                   w->orders.slots.generation[slot], part);
}

/* The part is picked: to the shelf, to a courier, or to the post. */
static void order_pick_hand_on(struct omo_world *w, uint32_t slot, uint32_t part)
{
    if (!order_pick_find(w, slot, part)) {
        order_part_done(w, slot);
        return;
    }
    const struct order *o = &w->orders.order[slot];
    struct order_part *p = &w->orders.detail[o->detail].part[part];
    struct feed_about about = world_about(o->identity, p->place, o->channel);
    const struct channel *channel = &w->model->demand.channel[o->channel];

    feed_span(&w->feed, FACT_PICKED, about, (int64_t)p->units, w->now_us - o->placed_us);
    if (channel->mode->path == MODE_COLLECT) {
        struct draw_cursor c;
        feed_span(&w->feed, FACT_READY, about, (int64_t)p->units, w->now_us - o->placed_us);
        w->orders.detail[o->detail].ready_us = w->now_us;
        p->joined_us = w->now_us;
        draw_begin(&c, w->key, DRAW_COLLECT, o->identity, part);
        int64_t at_us = w->now_us + law_draw_us(&channel->options.collect, &c);
        at_us = core_max_i64(at_us, w->orders.detail[o->detail].from_us);
        world_schedule(w, at_us, EVENT_COLLECT, slot, w->orders.slots.generation[slot], part);
        return;
    }
    uint32_t courier = p->place * OMO_ROLE_COUNT + OMO_ROLE_COURIER;
    if (channel->mode->path != MODE_COURIER || w->model->network.station[courier].servers == 0) {
        order_ship(w, slot, part);
        return;
    }
    p->joined_us = w->now_us;
    if (labour_join(&w->station[courier], order_pick_job(o, part), w->orders.part_link,
                    &w->labour_gauges[OMO_ROLE_COURIER], w->now_us))
        order_ship(w, slot, part);
}

void order_pick_begin(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    struct order_part *p = &w->orders.detail[o->detail].part[part];
    uint32_t picker = p->place * OMO_ROLE_COUNT + OMO_ROLE_PICKER;

    if (w->model->network.station[picker].servers == 0) {
        order_pick_hand_on(w, slot, part);
        return;
    }
    p->joined_us = w->now_us;
    if (labour_join(&w->station[picker], order_pick_job(o, part), w->orders.part_link,
                    &w->labour_gauges[OMO_ROLE_PICKER], w->now_us))
        order_pick_start(w, slot, part);
}

void order_pick_done(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    uint32_t picker =
        w->orders.detail[o->detail].part[part].place * OMO_ROLE_COUNT + OMO_ROLE_PICKER;
    uint32_t job = labour_leave(&w->station[picker], w->orders.part_link,
                                &w->labour_gauges[OMO_ROLE_PICKER], w->now_us);

    order_pick_hand_on(w, slot, part);
    if (job != OMO_NONE)
        order_pick_start(w, w->orders.detail_order[job / ORDERS_PARTS_MAX], job % ORDERS_PARTS_MAX);
}
