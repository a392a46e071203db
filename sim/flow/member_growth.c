/* How a zone's members come and go by themselves.
 *
 * Bass (1969): of M potential members a share F has joined, and who has not joins at the rate
 * p + q F. Each step draws how many of those left join within it: binomial, with the probability
 * (F1 - F0) / (1 - F0) that the exact solution of the model has over the step from the present F0,
 *
 *     (1 - F1) / (p + q F1) = exp(-(p + q) dt) (1 - F0) / (p + q F0),
 *
 * so that the length of the step makes no error of its own but through chance, which the next step
 * starts from. Those who join are the next in the zone's order; who registered before is passed
 * over.
 *
 * Retention: at the end of each period a member stays with a given probability, so that binomially
 * many of a zone leave, the first in the order. They are one cohort, in which nobody is more likely to
 * leave than another; that is why retention excludes growth. */
#include "flow/member.h"

#include "base/maths.h"

static void member_fact(struct omo_world *w, enum fact_kind kind, uint32_t members)
{
    for (uint32_t left = members, part; left > 0; left -= part) {
        part = core_min_u32(left, OMO_FACT_QUANTITY_MAX);
        feed_none(&w->feed, kind, world_about(0, OMO_NONE, OMO_FACT_NO_CHANNEL), part);
    }
}

int64_t member_count(const struct omo_world *w)
{
    int64_t sum = 0;

    if (w->members.zone == NULL)
        return 0;
    for (uint32_t i = 0; i < w->model->demand.zone_count; i++)
        sum += members_present(&w->members.zone[i]);
    return sum;
}

int32_t member_aside(const struct omo_world *w, const struct member *e)
{
    uint32_t zone = member_zone_of(&w->model->demand, e->key - 1);
    uint32_t number = e->key - 1 - w->model->demand.zone[zone].member_first;
    const struct member_zone *z = &w->members.zone[zone];

    return (int32_t)((e->flags & MEMBER_REGISTERED) != 0 && number >= z->joined) -
           (int32_t)((e->flags & MEMBER_LEFT) != 0 && number >= z->gone);
}

void member_open(struct omo_world *w)
{
    const omo_model *m = w->model;
    const omo_member_options *o = &m->members;

    if (!m->keeps_members)
        return;
    for (uint32_t i = 0; i < m->demand.zone_count; i++) {
        const struct zone *z = &m->demand.zone[i];
        uint64_t end = (uint64_t)z->member_first + z->member_count;
        /* The share of all, to the member, whatever the size of a zone. */
        uint64_t until = end * o->start_ppm / OMO_PPM;
        w->members.zone[i].joined =
            (uint32_t)(until - (uint64_t)z->member_first * o->start_ppm / OMO_PPM);
    }
    gauge_add(&w->tally.gauge[GAUGE_MEMBERS], w->now_us, member_count(w));
    w->audit.members = member_count(w);
    if (o->growth_p + o->growth_q > 0.0)
        world_schedule(w, o->growth_step_us, EVENT_ADOPT, 0, 0, 0);
    if (o->retention_ppm < OMO_PPM)
        world_schedule(w, o->retention_period_us, EVENT_RETAIN, 0, 0, 0);
}

/* Moves the end of a prefix over `count` members of a zone without the flag. Returns how many with
 * it were passed. O(count) lookups where anybody has the flag at all. */
static uint32_t member_move(const struct omo_world *w, uint32_t *end, uint32_t first,
                            uint32_t count, uint32_t flag, uint32_t flagged)
{
    uint32_t passed = 0;

    if (flagged == 0) {
        *end += count;
        return 0;
    }
    while (count > 0) {
        const struct member *e = members_find(&w->members, first + *end);
        bool has = e != NULL && (e->flags & flag) != 0;
        passed += has;
        count -= !has;
        (*end)++;
    }
    return passed;
}

static double member_adoption(const omo_member_options *o, double share, int64_t span_us)
{
    double p = o->growth_p, q = o->growth_q;
    double step = (double)span_us / (double)o->growth_unit_us;
    double rate = p + q * share;

    if (rate <= 0.0)
        return 0.0;
    double y = (1.0 - share) / rate * maths_exp(-(p + q) * step);
    double after = (1.0 - p * y) / (1.0 + q * y);
    double probability = (after - share) / (1.0 - share);
    return probability < 0.0 ? 0.0 : probability > 1.0 ? 1.0 : probability;
}

/* Those who joined in the span up to now, which is step `step` or the beginning of it. */
static void member_adopt_step(struct omo_world *w, uint64_t step, int64_t span_us)
{
    const omo_model *m = w->model;
    uint32_t joined = 0;

    for (uint32_t i = 0; i < m->demand.zone_count; i++) {
        const struct zone *zone = &m->demand.zone[i];
        struct member_zone *z = &w->members.zone[i];
        uint32_t left = zone->member_count - z->joined - z->ahead;
        if (left == 0)
            continue;
        double share = 1.0 - (double)left / (double)zone->member_count;
        struct draw_cursor cursor;
        draw_begin(&cursor, w->key, DRAW_ADOPTION, (uint64_t)i << 32 | step, 0);
        uint32_t count =
            (uint32_t)law_binomial((double)left, member_adoption(&m->members, share, span_us),
                                   &cursor);
        z->ahead -=
            member_move(w, &z->joined, zone->member_first, count, MEMBER_REGISTERED, z->ahead);
        joined += count;
    }
    gauge_add(&w->tally.gauge[GAUGE_MEMBERS], w->now_us, joined);
    member_fact(w, FACT_MEMBERS_JOINED, joined);
}

void member_adopt(struct omo_world *w)
{
    int64_t step_us = w->model->members.growth_step_us;

    member_adopt_step(w, (uint64_t)(w->now_us / step_us), step_us);
    world_schedule(w, w->now_us + step_us, EVENT_ADOPT, 0, 0, 0);
}

void member_close(struct omo_world *w)
{
    const omo_member_options *o = &w->model->members;

    if (!w->model->keeps_members || o->growth_p + o->growth_q <= 0.0)
        return;
    /* What would happen at the horizon itself does not happen any more, so the step that ends there
     * is still to be drawn, whole or in part. */
    uint64_t step = (uint64_t)((w->now_us - 1) / o->growth_step_us);
    member_adopt_step(w, step + 1, w->now_us - (int64_t)step * o->growth_step_us);
}

void member_retain(struct omo_world *w)
{
    const omo_model *m = w->model;
    uint64_t period = (uint64_t)(w->now_us / m->members.retention_period_us);
    double leave = 1.0 - (double)m->members.retention_ppm / (double)OMO_PPM;
    uint32_t gone = 0;

    for (uint32_t i = 0; i < m->demand.zone_count; i++) {
        struct member_zone *z = &w->members.zone[i];
        uint32_t present = members_present(z);
        if (present == 0)
            continue;
        struct draw_cursor cursor;
        draw_begin(&cursor, w->key, DRAW_ADOPTION, (uint64_t)i << 32 | period, 1);
        uint32_t count = (uint32_t)law_binomial((double)present, leave, &cursor);
        z->left -=
            member_move(w, &z->gone, m->demand.zone[i].member_first, count, MEMBER_LEFT, z->left);
        gone += count;
    }
    gauge_add(&w->tally.gauge[GAUGE_MEMBERS], w->now_us, -(int64_t)gone);
    member_fact(w, FACT_MEMBERS_LEFT, gone);
    world_schedule(w, w->now_us + m->members.retention_period_us, EVENT_RETAIN, 0, 0, 0);
}
