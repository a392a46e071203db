/* Lockers: a parcel goes to a bank of boxes near the customer instead of to the door.
 *
 * The customer chooses the nearest locker that has a free box at that moment, within the channel's
 * radius; none is held for the parcel, because operators overbook: most boxes will be empty again
 * by the time it comes. Should the locker be full then, the next one that has room takes it (the
 * customer walks there), and if none has, it waits at the depot for the first box of its own
 * locker to be emptied. */
#include "flow/world.h"

#define ORDER_LOCKER_NEAR 8 /* that are looked at */

uint32_t order_locker_near(const struct omo_world *w, uint32_t channel, double lat, double lon,
                           int64_t *ret_distance_mm)
{
    int64_t radius_mm = w->model->demand.channel[channel].radius_mm;
    struct reach_near near[ORDER_LOCKER_NEAR];
    uint32_t count = reach_nearest(&w->model->lockers, lat, lon, ORDER_LOCKER_NEAR, near);

    for (uint32_t i = 0; i < count; i++) {
        if (radius_mm != 0 && near[i].distance_mm > radius_mm)
            return OMO_NONE;
        if (!order_shelf_room(w, near[i].place))
            continue;
        *ret_distance_mm = near[i].distance_mm;
        return near[i].place;
    }
    return OMO_NONE;
}

void order_locker_arrive(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct order_detail *d = &w->orders.detail[o->detail];
    uint32_t locker = o->place;
    int64_t distance_mm;

    if (!order_shelf_room(w, locker)) {
        uint32_t other = order_locker_near(w, o->channel, d->lat, d->lon, &distance_mm);
        feed_none(&w->feed, FACT_BOX_FULL, world_about(o->identity, locker, o->channel),
                  other != OMO_NONE);
        if (other != OMO_NONE)
            locker = other;
    }
    order_shelf_put(w, &(struct pickup){.identity = o->identity,
                                        .place = locker,
                                        .order = slot,
                                        .part = (uint8_t)part,
                                        .channel = o->channel});
}
