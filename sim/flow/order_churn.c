/* A broken promise: some members leave for good.
 *
 * The order may be late long after the day that it was placed, and a member who changes takes a
 * place in the table of members. So the place is taken with the order, where midnight has made room
 * for it. */
#include "flow/member.h"

void order_churn_may(struct omo_world *w, uint32_t segment, uint32_t member)
{
    const struct segment *s = &w->model->demand.segment[segment];

    if (member != OMO_NONE && (s->churn_late_ppm != 0 || s->churn_cancelled_ppm != 0))
        members_take(&w->members, member);
}

void order_churn(struct omo_world *w, const struct order *o, enum churn_cause cause)
{
    const struct segment *s = &w->model->demand.segment[o->segment];
    const uint32_t member = w->orders.detail[o->detail].member;
    const uint32_t share_ppm = cause == CHURN_LATE ? s->churn_late_ppm : s->churn_cancelled_ppm;
    const struct feed_about about = world_about(o->identity, OMO_NONE, o->channel);
    struct draw_cursor c;

    if (member == OMO_NONE || share_ppm == 0 ||
        !member_present(w, member_zone_of(&w->model->demand, member), member))
        return;
    draw_begin(&c, w->key, DRAW_CHURN, o->identity, cause);
    if (!draw_share(&c, share_ppm))
        return;
    feed_none(&w->feed, FACT_CHURNED, about, cause + 1);
    member_leave(w, about, member);
}
