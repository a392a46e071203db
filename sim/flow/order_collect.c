/* Collecting: the customer fetches a part that is ready. */
#include "flow/world.h"

void order_collect(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct order_part *p = &w->orders.detail[o->detail].part[part];

    order_part_issue(w, slot, part);
    feed_span(&w->feed, FACT_COLLECTED, world_about(o->identity, p->place, o->channel), p->units,
              w->now_us - p->joined_us);
    order_return_part(w, slot, part);
    order_part_done(w, slot);
}
