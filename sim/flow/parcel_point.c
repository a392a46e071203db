/* A place as the parcel point of a third party (C70: a chain's shops hand over a marketplace's
 * parcels).
 *
 * Parcels come in a Poisson stream; their gaps are keyed by point and ordinal, so each point has one
 * event pending, the next arrival. They take slots of the same pickup shelf as the shop's own
 * orders and time of the same counter (order_shelf.c, order_collect.c); for each one handed over
 * the third party pays a fee. They are nobody's order: their facts have no identity. */
#include "flow/world.h"

static void parcel_point_next(struct omo_world *w, uint32_t point, uint32_t ordinal)
{
    struct draw_cursor c;

    draw_begin(&c, w->key, DRAW_PARCEL, pickups_parcel(point, ordinal), 0);
    world_schedule(w, w->now_us + law_draw_us(&w->model->network.parcel_point[point].interval, &c),
                   EVENT_PARCEL_ARRIVE, point, 0, ordinal);
}

void parcel_point_open(struct omo_world *w)
{
    for (uint32_t point = 0; point < w->model->network.parcel_point_count; point++)
        parcel_point_next(w, point, 0);
}

void parcel_point_arrive(struct omo_world *w, uint32_t point, uint32_t ordinal)
{
    uint32_t place = w->model->network.parcel_point[point].place;

    if (!memory_before_parcel(w))
        return;
    parcel_point_next(w, point, ordinal + 1);
    feed_none(&w->feed, FACT_PARCEL_IN, world_about(0, place, OMO_FACT_NO_CHANNEL), 1);
    order_shelf_put(w, &(struct pickup){.identity = pickups_parcel(point, ordinal),
                                        .place = place,
                                        .order = OMO_NONE,
                                        .channel = OMO_FACT_NO_CHANNEL});
}
