/* Routing: the table goes to the policy, its answer comes back. A policy never sees the world. */
#include "flow/world.h"

void order_route(const struct omo_world *w, uint32_t channel, uint64_t order,
                 const struct wish *wish, const struct candidates *c,
                 struct routing_answer *ret_answer)
{
    const omo_model *m = w->model;
    const omo_channel_options *o = &m->demand.channel[channel].options;
    bool ships = m->demand.channel[channel].mode->path != MODE_COLLECT;
    int64_t parcel_cost[ROUTING_PLACES_MAX], line_cost[ROUTING_PLACES_MAX];
    int32_t queue[ROUTING_PLACES_MAX];
    struct draw_cursor cursor;

    for (uint32_t i = 0; i < c->count; i++) {
        int64_t trip =
            ships ? o->cost_parcel_cents + c->distance_mm[i] * o->cost_km_cents / 1000000 : 0;
        parcel_cost[i] = o->cost_order_cents + trip;
        line_cost[i] = o->cost_line_cents;
        queue[i] = (int32_t)w->station[c->place[i] * OMO_ROLE_COUNT + OMO_ROLE_PICKER].queue_count;
    }
    for (uint32_t line = 0; line < wish->line_count; line++)
        memset(ret_answer->quantity[line], 0, c->count * sizeof(ret_answer->quantity[line][0]));
    draw_begin(&cursor, w->key, DRAW_ROUTING, order, 0);
    struct routing_query q = {
        .line_count = wish->line_count,
        .place_count = c->count,
        .quantity = wish->quantity,
        .available = c->available,
        .distance_mm = c->distance_mm,
        .parcel_cost_cents = parcel_cost,
        .line_cost_cents = line_cost,
        .queue = queue,
        .draw_word = draw_u32(&cursor),
    };
    m->routing->route(NULL, &q, ret_answer);
}
