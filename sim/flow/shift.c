/* Staff comes and goes by the clock.
 *
 * A station with shifts has one event pending, the beginning of the next one. Who serves when the
 * shift ends finishes the job and takes no other; who comes on duty takes the first of those
 * waiting. Servers on duty are integrated by role where any station of it has shifts, for the
 * utilisation to have a denominator. */
#include "flow/world.h"

static void shift_next(struct omo_world *w, uint32_t station, uint32_t shift)
{
    const struct station_spec *spec = &w->model->network.station[station];
    bool again = shift + 1 == spec->shift_count;
    int64_t span_us = (again ? spec->shift_period_us : spec->shift[shift + 1].from_us) -
                      spec->shift[shift].from_us;

    world_schedule(w, w->now_us + span_us, EVENT_SHIFT, station, 0, again ? 0 : shift + 1);
}

void shift_open(struct omo_world *w)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < n->place_count * OMO_ROLE_COUNT; i++) {
        uint32_t role = i % OMO_ROLE_COUNT;
        if (n->station[i].shift != NULL && n->station[i].shift_count > 1)
            shift_next(w, i, 0);
        if (n->station[i].wave_us != 0)
            world_schedule(w, n->station[i].wave_us, EVENT_WAVE, i / OMO_ROLE_COUNT, 0, 0);
        if (w->labour_gauges[role].duty != NULL)
            gauge_add(w->labour_gauges[role].duty, w->now_us, w->station[i].servers);
    }
}

static void shift_start(struct omo_world *w, uint32_t role, uint32_t job)
{
    uint32_t slot = role == OMO_ROLE_PICKER || role == OMO_ROLE_COURIER
                        ? w->orders.detail_order[job / ORDERS_PARTS_MAX]
                        : job;

    switch ((omo_role)role) {
    case OMO_ROLE_TILL:
        order_till_turn(w, slot);
        break;
    case OMO_ROLE_PICKER:
        order_pick_start(w, slot, job % ORDERS_PARTS_MAX);
        break;
    case OMO_ROLE_COURIER:
        order_courier_start(w, job);
        break;
    case OMO_ROLE_COUNTER:
        order_collect_start(w, slot);
        break;
    case OMO_ROLE_COUNT:
        OMO_ASSERT(role < OMO_ROLE_COUNT);
    }
}

void shift_begin(struct omo_world *w, uint32_t station, uint32_t shift)
{
    uint32_t role = station % OMO_ROLE_COUNT, job;
    struct labour *s = &w->station[station];
    uint32_t *link = role == OMO_ROLE_TILL      ? w->orders.till_link
                     : role == OMO_ROLE_COUNTER ? w->pickups.link
                                                : w->orders.part_link;
    uint32_t servers = w->model->network.station[station].shift[shift].servers;

    labour_shift(s, servers, &w->labour_gauges[role], w->now_us);
    shift_next(w, station, shift);
    while ((job = labour_call(s, link, &w->labour_gauges[role], w->now_us)) != OMO_NONE)
        shift_start(w, role, job);
}
