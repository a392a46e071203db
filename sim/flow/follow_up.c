/* Visits that follow from others.
 *
 * A follow-up waits in a pool with an event pending; when its time has come it is a visit like any
 * other, with the customer and the wish of the one before, and perhaps fewer channels to choose from.
 * Its identity is either derived from the origin's by one bit (at most one such follow-up a visit,
 * so that two policies meet the same one) or numbered on the day that it is made, in the upper half of
 * the ordinals of its cell. Room for what the visit may need is made before it begins: the day's own
 * visits have theirs from midnight. */
#include "flow/world.h"

uint64_t follow_up_identity(struct omo_world *w, uint32_t zone, uint32_t segment)
{
    const struct demand *d = &w->model->demand;

    OMO_ASSERT(w->derived_today + 1 < ORDERS_DERIVED);
    return orders_identity(demand_cell(d, segment, zone), w->day - 1,
                           ORDERS_DERIVED | ++w->derived_today);
}

void follow_up_later(struct omo_world *w, struct follow_up f, int64_t at_us)
{
    if (!memory_before_follow_up(w))
        return;
    uint32_t slot = pool_take(&w->follow_ups.pool);
    w->follow_ups.item[slot] = f;
    world_schedule(w, at_us, EVENT_FOLLOW_UP, slot, w->follow_ups.pool.generation[slot], 0);
    feed_none(&w->feed, FACT_FOLLOWS, world_about(f.identity, OMO_NONE, f.from_channel), f.cause);
}

void follow_up_begin(struct omo_world *w, uint32_t slot)
{
    const struct follow_up f = w->follow_ups.item[slot];
    struct customer c = {
        .order = f.identity,
        .basket = f.basket,
        .zone = f.zone,
        .segment = f.segment,
        .member = f.member,
        .prospect = OMO_NONE,
        .channels = f.channels,
        .avoid = f.avoid,
        .lines = f.lines,
        .cause = (enum follow_cause)f.cause,
        .from_channel = f.from_channel,
    };

    pool_give(&w->follow_ups.pool, slot);
    if (!memory_before_visit(w))
        return;
    order_visit(w, &c);
}
