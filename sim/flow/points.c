/* Points: a second currency of the chain, in wallets of its members.
 *
 * They are earned on what is paid and spent as a tender that lowers what is paid. A member whose
 * ids are linked has one wallet; else each system keeps one of its own, and what was earned at the
 * till does not buy anything in the app.
 *
 * All of a member's points lapse some days after the last were earned. Nobody walks through the
 * members for that: sums by the day of the owner's last earning are kept in a ring, so that a
 * midnight takes one of them whole, and a wallet whose time is over counts as empty when it is next
 * looked at. */
#include "flow/member.h"

uint32_t points_expiry_days(const omo_model *m)
{
    return (uint32_t)((m->members.points_expiry_us + OMO_US_PER_DAY - 1) / OMO_US_PER_DAY);
}

/* The day that has begun: at the horizon's midnight still the one before. */
static uint32_t points_today(const struct omo_world *w) { return (uint32_t)(w->day - 1); }

static bool points_over(const struct omo_world *w, const struct member *e)
{
    return w->members.points_ring != 0 &&
           points_today(w) - e->points_day >= w->members.points_ring - 1;
}

static int64_t points_sum(const struct member *e)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < OMO_ID_COUNT; i++)
        sum += e->points[i];
    return sum;
}

int64_t points_of(const struct omo_world *w, const struct member *e)
{
    return points_over(w, e) ? 0 : points_sum(e);
}

static void points_ring_add(struct omo_world *w, uint32_t day, int64_t points)
{
    if (w->members.points_ring != 0)
        w->members.points_of_day[day % w->members.points_ring] += points;
}

/* What lapsed is gone from the gauge already. */
static struct member *points_entry(struct omo_world *w, uint32_t member)
{
    struct member *e = members_take(&w->members, member);

    if (points_over(w, e))
        memset(e->points, 0, sizeof(e->points));
    return e;
}

/* Points leave a wallet: fewer of the day on which the owner last earned. */
static void points_out(struct omo_world *w, struct member *e, enum fact_kind kind,
                       struct feed_about about, uint32_t wallet, int64_t points)
{
    e->points[wallet] -= points;
    points_ring_add(w, e->points_day, -points);
    gauge_add(&w->tally.gauge[GAUGE_POINTS], w->now_us, -points);
    feed_money(&w->feed, kind, about, wallet, points);
}

static int64_t points_for(const struct omo_world *w, int64_t cents)
{
    return (int64_t)((double)cents * w->model->members.points_earn / 100.0);
}

/* Where the points of an order in a channel are. */
static uint32_t points_wallet(const struct omo_world *w, uint32_t member, uint32_t channel)
{
    return member_linked(w, member) ? OMO_ID_OWN
                                    : member_system(&w->model->demand.channel[channel]);
}

void points_earn(struct omo_world *w, struct feed_about about, uint32_t member, int64_t cents)
{
    int64_t points = member != OMO_NONE ? points_for(w, cents) : 0;

    if (points <= 0)
        return;
    uint32_t wallet = points_wallet(w, member, about.channel);
    struct member *e = points_entry(w, member);
    points_ring_add(w, e->points_day, -points_sum(e));
    e->points[wallet] += points;
    e->points_day = points_today(w);
    points_ring_add(w, e->points_day, points_sum(e));
    gauge_add(&w->tally.gauge[GAUGE_POINTS], w->now_us, points);
    feed_money(&w->feed, FACT_POINTS_EARNED, about, wallet, points);
}

int64_t points_spend(struct omo_world *w, struct feed_about about, uint32_t member, uint32_t wallet,
                     int64_t cents)
{
    const int64_t microcents = w->model->members.point_microcents;
    const struct member *known = members_find(&w->members, member);

    if (known == NULL || known->points[wallet] == 0 || microcents == 0)
        return 0;
    struct member *e = points_entry(w, member);
    core_int128 most = (core_int128)cents * 1000000 / microcents;
    int64_t points = most < e->points[wallet] ? (int64_t)most : e->points[wallet];
    int64_t covered = (int64_t)((core_int128)points * microcents / 1000000);
    if (covered == 0)
        return 0;
    points_out(w, e, FACT_POINTS_SPENT, about, wallet, points);
    return covered;
}

void points_take_back(struct omo_world *w, struct feed_about about, uint32_t member, int64_t cents)
{
    if (!w->model->keeps_members ||
        member_recognition(w, about.order, member, about.channel) == OMO_NONE)
        return;
    uint32_t wallet = points_wallet(w, member, about.channel);
    int64_t points = points_for(w, cents);
    if (points <= 0 || members_find(&w->members, member) == NULL)
        return;
    struct member *e = points_entry(w, member);
    if (e->points[wallet] == 0)
        return;
    points_out(w, e, FACT_POINTS_TAKEN_BACK, about, wallet,
               core_min_i64(points, e->points[wallet]));
}

void points_lapse(struct omo_world *w)
{
    struct members *t = &w->members;
    uint32_t today = points_today(w);

    if (t->points_ring == 0 || today + 1 < t->points_ring)
        return;
    int64_t *of_day = &t->points_of_day[(today + 1) % t->points_ring];
    if (*of_day == 0)
        return;
    feed_money(&w->feed, FACT_POINTS_LAPSED, world_about(0, OMO_NONE, OMO_FACT_NO_CHANNEL), 0,
               *of_day);
    gauge_add(&w->tally.gauge[GAUGE_POINTS], w->now_us, -*of_day);
    *of_day = 0;
}
