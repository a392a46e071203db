/* A broken promise: some members leave for good. */
#include "flow/world.h"

void order_churn(struct omo_world *w, const struct order *o, enum churn_cause cause)
{
    const struct segment *s = &w->model->demand.segment[o->segment];
    const uint32_t member = w->orders.detail[o->detail].member;
    const uint32_t share_ppm = cause == CHURN_LATE ? s->churn_late_ppm : s->churn_cancelled_ppm;
    struct draw_cursor c;

    if (member == OMO_NONE || share_ppm == 0)
        return;
    draw_begin(&c, w->key, DRAW_CHURN, o->identity, cause);
    if (draw_share(&c, share_ppm))
        feed_none(&w->feed, FACT_CHURNED, world_about(o->identity, OMO_NONE, o->channel),
                  cause + 1);
}
