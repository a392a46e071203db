/* What a purchase does to a member.
 *
 * Before paying the member is recognised or not, and may spend points. After it, somebody without
 * an id of the channel's system may take one (a first one makes a member), and who is recognised
 * may link the ids. Then the record: when, how often, how much. Last comes the coin of the
 * BG/NBD model (Fader, Hardie & Lee, "Counting your customers the easy way", Marketing Science 24,
 * 2005): after each purchase a member drops out with a probability of their own, drawn from
 * beta(a, b) and keyed by the member, so that it is the same after every purchase and stored
 * nowhere. The purchase is the member's own whether the chain recognises it or not; only points,
 * coupons and links ask for that. */
#include "flow/member.h"

#include "base/maths.h"

int64_t member_pay(struct omo_world *w, const struct customer *c, struct feed_about about,
                   int64_t cents)
{
    const omo_member_options *o = &w->model->members;
    struct draw_cursor cursor;

    if (!w->model->keeps_members || c->member == OMO_NONE)
        return 0;
    uint32_t how = member_recognition(w, c->order, c->member, about.channel);
    if (how == OMO_NONE)
        return 0;
    feed_none(&w->feed, FACT_RECOGNISED, about, how + 1);
    if (o->points_spend_ppm == 0 || cents <= 0)
        return 0;
    draw_begin(&cursor, w->key, DRAW_ENROL, about.order, 2);
    if (!draw_share(&cursor, o->points_spend_ppm))
        return 0;
    int64_t most = (int64_t)((core_int128)cents * o->points_cover_ppm / OMO_PPM);
    return points_spend(w, about, c->member, member_wallet(w, c, about.channel), most);
}

/* Somebody without an id of the channel's system takes one. Returns the member that they are. */
static uint32_t member_register(struct omo_world *w, const struct customer *c,
                                struct feed_about about, bool *ret_registered)
{
    uint32_t share_ppm = w->model->members.register_ppm[about.channel];
    uint32_t system = member_system(&w->model->demand.channel[about.channel]);
    uint32_t person = c->member != OMO_NONE ? c->member : c->prospect;
    struct draw_cursor cursor;

    *ret_registered = false;
    if (share_ppm == 0 || person == OMO_NONE)
        return c->member;
    if (c->member != OMO_NONE && member_has_id(w, person, (omo_identity)system))
        return c->member;
    draw_begin(&cursor, w->key, DRAW_ENROL, about.order, 0);
    if (!draw_share(&cursor, share_ppm))
        return c->member;
    /* The same visit may have led to another order, at which they joined. */
    bool joins = !member_present(w, c->zone, person);
    members_take(&w->members, person)->flags |=
        (uint8_t)(MEMBER_ID << system | (joins ? MEMBER_REGISTERED : 0));
    *ret_registered = true;
    if (!joins) {
        feed_none(&w->feed, FACT_ID_TAKEN, about, system);
        return person;
    }
    w->members.registered_count++;
    w->members.zone[c->zone].ahead++;
    gauge_add(&w->tally.gauge[GAUGE_MEMBERS], w->now_us, 1);
    feed_none(&w->feed, FACT_MEMBERS_JOINED, about, 1);
    return person;
}

/* A recognised member with ids of several systems, not yet linked, is offered to link them. */
static void member_bind(struct omo_world *w, struct feed_about about, uint32_t member)
{
    struct draw_cursor cursor;
    uint32_t ids = 0;

    if (w->model->members.bind_ppm == 0 || w->model->integration.members != OMO_MERGED ||
        member_linked(w, member) || !member_consents(w, member))
        return;
    for (uint32_t i = 0; i < OMO_ID_COUNT; i++)
        ids += member_has_id(w, member, (omo_identity)i);
    if (ids < 2)
        return;
    draw_begin(&cursor, w->key, DRAW_ENROL, about.order, 1);
    if (!draw_share(&cursor, w->model->members.bind_ppm))
        return;
    struct member *e = members_take(&w->members, member);
    e->flags |= MEMBER_LINKED;
    for (uint32_t i = 0; i < OMO_ID_COUNT; i++)
        if (i != OMO_ID_OWN) {
            e->points[OMO_ID_OWN] += e->points[i];
            e->points[i] = 0;
        }
    feed_none(&w->feed, FACT_LINKED, about, 1);
}

static int64_t member_discounted(const struct omo_world *w, int64_t cents)
{
    const omo_member_options *o = &w->model->members;

    if (o->discount_ppm == 0)
        return cents;
    double periods = (double)(w->now_us / o->retention_period_us);
    return (int64_t)((double)cents *
                     maths_pow(1.0 + (double)o->discount_ppm / (double)OMO_PPM, -periods));
}

static void member_record(struct omo_world *w, struct feed_about about, uint32_t member,
                          int64_t cents, int64_t margin_cents)
{
    struct member *e = members_take(&w->members, member);

    e->purchases++;
    e->last_us = w->now_us;
    e->spent_cents += cents;
    uint32_t purchases = e->purchases;
    feed_money(&w->feed, FACT_MEMBER_BOUGHT, about, member_linked(w, member), cents);
    feed_money(&w->feed, FACT_MEMBER_MARGIN, about, 0, member_discounted(w, margin_cents));
    if (purchases <= 2)
        feed_none(&w->feed, purchases == 1 ? FACT_MEMBER_FIRST : FACT_MEMBER_AGAIN, about, 1);
}

static void member_drop_out(struct omo_world *w, struct feed_about about, uint32_t member)
{
    const omo_member_options *o = &w->model->members;
    struct draw_cursor cursor;

    if (o->lifetime_a <= 0.0)
        return;
    draw_begin(&cursor, w->key, DRAW_DROP_OUT, member, 0);
    double a = law_gamma(o->lifetime_a, &cursor), b = law_gamma(o->lifetime_b, &cursor);
    draw_begin(&cursor, w->key, DRAW_DROP_OUT, about.order, 1);
    if (draw_unit53(&cursor) * (a + b) < a)
        member_leave(w, about, member);
}

uint32_t member_bought(struct omo_world *w, const struct customer *c, struct feed_about about,
                       int64_t cents, int64_t margin_cents, bool *ret_recognised)
{
    bool registered;

    *ret_recognised = false;
    if (!w->model->keeps_members)
        return c->member;
    uint32_t member = member_register(w, c, about, &registered);
    if (member == OMO_NONE)
        return OMO_NONE;
    *ret_recognised =
        registered || member_recognition(w, c->order, member, about.channel) != OMO_NONE;
    if (*ret_recognised)
        member_bind(w, about, member);
    member_record(w, about, member, cents, margin_cents);
    member_drop_out(w, about, member);
    return member;
}
