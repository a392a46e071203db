/* Picking: a part of an order waits for a picker during opening hours, is picked, and goes on
 * its way.
 *
 * A part is a job of the place's picker station (orders_job()); a place without pickers picks in no
 * time. A part routed while the place is closed begins when it opens. Where pickers work in waves,
 * parts wait at a gate that opens by the clock, and all of them go to the pickers together, those of
 * a better priority first. */
#include "flow/world.h"

#define ORDER_PICK_INDICES 3 /* of the draws of a part's service times, one a role */

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
    draw_begin(&c, w->key, DRAW_SERVICE, o->identity, part * ORDER_PICK_INDICES + OMO_ROLE_PICKER);
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
        order_shelf_put(w, &(struct pickup){.identity = o->identity,
                                            .place = p->place,
                                            .order = slot,
                                            .part = (uint8_t)part,
                                            .channel = o->channel});
        return;
    }
    order_ship_begin(w, slot, part);
}

/* A part that has opening hours and gate behind it goes to the pickers. */
static void order_pick_join(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    uint32_t picker =
        w->orders.detail[o->detail].part[part].place * OMO_ROLE_COUNT + OMO_ROLE_PICKER;

    if (labour_join_at(&w->station[picker], orders_job(o, part),
                       w->model->demand.channel[o->channel].options.priority, w->orders.part_link,
                       &w->labour_gauges[OMO_ROLE_PICKER], w->now_us))
        order_pick_start(w, slot, part);
}

void order_pick_begin(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    struct order_part *p = &w->orders.detail[o->detail].part[part];
    const struct station_spec *spec =
        &w->model->network.station[p->place * OMO_ROLE_COUNT + OMO_ROLE_PICKER];
    struct gate *gate = &w->gate[p->place];
    uint32_t job = orders_job(o, part);

    if (spec->servers == 0) {
        order_pick_hand_on(w, slot, part);
        return;
    }
    p->joined_us = w->now_us;
    if (spec->wave_us == 0) {
        order_pick_join(w, slot, part);
        return;
    }
    w->orders.part_link[job] = OMO_NONE;
    if (gate->count++ == 0)
        gate->first = job;
    else
        w->orders.part_link[gate->last] = job;
    gate->last = job;
}

void order_pick_wave(struct omo_world *w, uint32_t place)
{
    const struct gate gate = w->gate[place];
    struct tally *t = &w->tally;
    uint32_t job = gate.first;

    w->gate[place].count = 0;
    t->wave.count++;
    t->wave.empty += gate.count == 0;
    t->wave.parts += gate.count;
    t->wave.parts_square += (core_int128)gate.count * gate.count;
    if (gate.count != 0)
        feed_none(&w->feed, FACT_WAVE, world_about(0, place, OMO_FACT_NO_CHANNEL),
                  core_min_i64(gate.count, (int64_t)OMO_FACT_QUANTITY_MAX));
    for (uint32_t i = 0; i < gate.count; i++) {
        uint32_t next = w->orders.part_link[job];
        order_pick_join(w, w->orders.detail_order[job / ORDERS_PARTS_MAX], job % ORDERS_PARTS_MAX);
        job = next;
    }
    world_schedule(w,
                   w->now_us +
                       w->model->network.station[place * OMO_ROLE_COUNT + OMO_ROLE_PICKER].wave_us,
                   EVENT_WAVE, place, 0, 0);
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
