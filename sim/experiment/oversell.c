/* The Poisson race in closed form, at one position and over a chain.
 *
 * One position. With N ~ Poisson(m) units asked for within the delay, E[(N - b)+] = m - b + the sum
 * over n < b of (b - n) P(N = n). At a periodic refresh the time left is uniform on the period and
 * N a mixture of Poisson laws: P(N = n) = P(Poisson(m) > n) / m with m units a whole period, again
 * a finite sum. A unit behind the buffer is an online one with probability p, independently.
 *
 * A chain. Every position is a race with its own rates, those of the forecast that its stock level
 * was made of, hour by hour: the rates of the hours behind the moment at which it runs out count,
 * and positions run out when much has been sold, in the evening. When, and how often, follows from
 * the levels. With unit demands the inventory position after a review is uniform on low+1 .. low+Q
 * (Hadley and Whitin, Analysis of Inventory Systems, 1963, ch. 4 and 5; Q = 1 is base stock) and
 * what is on hand at a time u after the review is that less the demand until then, so a position is
 * empty with probability T(u) = the mean over y of P(D(u) >= y), u from lead time to lead time +
 * review period, and runs out within an hour with the probability that T gains there. Under
 * continuous review T stays the same and the last unit goes whenever units go. Only the proportions
 * between positions and hours are used; how often positions run out is the run's own number.
 *
 * Customers who find a shelf empty and order online instead meet the stale view of the next shop.
 * They belong to the online demand there, and come when shelves are empty: with T(u), taken to be
 * that of the same SKU in the next shop.
 *
 * Shortcuts: the mean day of the week's profile, the mean lead time, shortages counted as if they
 * waited (T is a little too large for lost sales), a moment of running out in the middle of its
 * hour, and of more than OVERSELL_POSITIONS positions of a kind of place an even sample of the
 * places. Cost: 10 us a position of a daily review.
 */
#include <omosim/oversell.h>

#include "base/maths.h"
#include "experiment/seal.h"

#define OVERSELL_UNITS_MAX 1e6
#define OVERSELL_POSITIONS 30000
#define OVERSELL_HOURS_MAX 1344 /* of a cycle of stock: 8 weeks */

/* ---- one position ---------------------------------------------------------------------------- */

/* P(N = n) of a Poisson law. */
static double oversell_poisson(double mean, double n)
{
    if (mean <= 0.0)
        return n == 0.0 ? 1.0 : 0.0;
    return maths_exp(n * maths_log(mean) - mean - maths_log_gamma(n + 1.0));
}

/* P(N >= n) of a Poisson law, summed from the side where terms fall. */
static double oversell_at_least(double mean, int64_t n)
{
    double term, sum = 0.0;

    if (n <= 0)
        return 1.0;
    if (mean <= 0.0)
        return 0.0;
    if ((double)n > mean) {
        term = oversell_poisson(mean, (double)n);
        for (double k = (double)n; term > sum * 1e-17; k++) {
            sum += term;
            term *= mean / (k + 1.0);
        }
        return sum;
    }
    term = oversell_poisson(mean, (double)n - 1.0);
    for (double k = (double)n - 1.0; k >= 0.0 && term > sum * 1e-17; k--) {
        sum += term;
        term *= k / mean;
    }
    return 1.0 - sum;
}

/* P(N = n) where N units are asked for until the news, `mean` of them in the whole lag. */
static double oversell_share(double mean, bool periodic, int64_t n)
{
    return periodic ? oversell_at_least(mean, n + 1) / mean : oversell_poisson(mean, (double)n);
}

/* Expected units oversold where `shop` and `online` units are asked for in the lag on average. */
static double oversell_units(double shop, double online, bool periodic, int32_t buffer)
{
    const double mean = shop + online;
    double expected = (periodic ? mean / 2.0 : mean) - buffer;

    if (online <= 0.0)
        return 0.0;
    for (int64_t n = 0; n < buffer; n++)
        expected += (double)(buffer - n) * oversell_share(mean, periodic, n);
    return expected > 0.0 ? expected * online / mean : 0.0;
}

/* Probability that any is: one less all the ways to have none behind the buffer. */
static double oversell_any(double shop, double online, bool periodic, int32_t buffer)
{
    const double mean = shop + online, most = mean + 40.0 * (1.0 + maths_sqrt(mean)) + buffer;
    double none = 0.0, luck = 1.0;

    if (online <= 0.0)
        return 0.0;
    for (int64_t n = 0; (double)n <= most; n++) {
        none += luck * oversell_share(mean, periodic, n);
        luck *= n >= buffer ? shop / mean : 1.0;
    }
    return none < 1.0 ? 1.0 - none : 0.0;
}

omo_oversell_options omo_oversell_defaults(void)
{
    return (omo_oversell_options){.size = sizeof(omo_oversell_options), .sync = OMO_SYNC_DELAYED};
}

omo_status omo_oversell_race(const omo_oversell_options *options, omo_oversell *ret_oversell,
                             omo_error *ret_error)
{
    DRAFT_CHECK(options != NULL && ret_oversell != NULL, "the options or the result are missing");
    DRAFT_CHECK(options->size == sizeof(*options),
                "options of an unknown size: use omo_oversell_defaults()");
    DRAFT_CHECK(options->shop_per_hour >= 0.0 && options->online_per_hour >= 0.0,
                "a rate is at least 0");
    DRAFT_CHECK(options->lag_us >= 0 && options->buffer >= 0, "lag and buffer are at least 0");
    const double hours = (double)options->lag_us / (double)OMO_US_PER_HOUR;
    const double shop = options->shop_per_hour * hours, online = options->online_per_hour * hours;
    DRAFT_CHECK(shop + online <= OVERSELL_UNITS_MAX && options->buffer <= OVERSELL_UNITS_MAX,
                "more than a million units within the lag");
    const bool periodic = options->sync == OMO_SYNC_PERIODIC;
    ret_oversell->units = oversell_units(shop, online, periodic, options->buffer);
    ret_oversell->any = oversell_any(shop, online, periodic, options->buffer);
    return OMO_OK;
}

/* ---- a cycle of stock ------------------------------------------------------------------------ */

struct oversell_chain {
    const omo_model *m;
    double *units, *online; /* as of seal_flows() */
    double *share;          /* as of seal_demand_shares() */
    double *hour;           /* [segment * 24 + hour of the day], mean 1 */
    double lag_hours;
    bool periodic;
};

/* One position over one cycle, hour by hour. Means run from the cycle's begin. */
struct oversell_cycle {
    uint32_t hours;
    double last;                           /* continuous review: probability of one unit left */
    double empty[OVERSELL_HOURS_MAX + 1];  /* T at the hour's begin */
    double shop[OVERSELL_HOURS_MAX + 1];   /* units taken in the shop until the hour's begin */
    double online[OVERSELL_HOURS_MAX + 1]; /* units ordered online from here */
};

struct oversell_sums {
    double outs;    /* of all positions, up to a factor */
    double units;   /* oversold, alike */
    double stopped; /* oversold before the next delivery, alike */
};

static void oversell_hours(const struct segment *s, double ret_hour[24])
{
    for (uint32_t hour = 0; hour < 24; hour++) {
        double sum = 0.0;
        for (uint32_t day = 0; day < 7; day++) {
            const uint64_t *until = s->hour_until[day];
            sum += s->day_share[day] * (double)(until[hour] - (hour > 0 ? until[hour - 1] : 0));
        }
        ret_hour[hour] = s->profile == OMO_PROFILE_HOURLY ? 24.0 * sum / (7.0 * 0x1p32) : 1.0;
    }
}

/* E[(N - b)+] of a Poisson law. */
static double oversell_loss(double mean, int64_t b)
{
    if (b <= 0)
        return mean - (double)b;
    return mean * oversell_at_least(mean, b) - (double)b * oversell_at_least(mean, b + 1);
}

/* Mean over y = low+1 .. low+lot of P(N >= y): a sum of tails is a difference of losses. */
static double oversell_empty(double mean, int64_t low, int64_t lot)
{
    double empty = (oversell_loss(mean, low) - oversell_loss(mean, low + lot)) / (double)lot;

    return empty < 0.0 ? 0.0 : empty > 1.0 ? 1.0 : empty;
}

/* Units of a place's and SKU's demand in an hour of the day: all, and those ordered online. */
static double oversell_rate(const struct oversell_chain *c, uint32_t place, uint32_t sku,
                            uint32_t hour, double *ret_online, double *ret_switching)
{
    const uint32_t segments = c->m->demand.segment_count;
    double all = 0.0;

    *ret_online = *ret_switching = 0.0;
    for (uint32_t i = 0; i < segments; i++) {
        const double share =
            c->share[(size_t)i * c->m->network.sku_count + sku] * c->hour[i * 24 + hour] / 24.0;
        const double units = c->units[(size_t)place * segments + i] * share;
        const double online = c->online[(size_t)place * segments + i] * share;
        all += units;
        *ret_online += online;
        *ret_switching += (units - online) * (double)c->m->demand.segment[i].switch_ppm / 1e6;
    }
    return all;
}

struct oversell_rule {   /* how a position is filled */
    double before_hours; /* lead time */
    uint32_t hours;      /* of the cycle behind it */
    uint32_t begin;      /* hour of the day at which it begins */
    int64_t low, lot;
    bool continuous;
};

static struct oversell_rule oversell_rule(const omo_model *m, const struct place *p, size_t at)
{
    const struct network *n = &m->network;
    const struct stocking_params params = seal_params(m, p);
    const omo_stocking_options *o = &m->stocking[p->kind].options;
    const int64_t low = n->level_low[at], high = n->level_high[at];
    const bool lots = m->stocking[p->kind].policy == stocking_find("reorder_quantity");
    const double review_hours = params.review_days * 24.0;
    struct oversell_rule rule = {
        .before_hours = params.lead_days * 24.0,
        .hours = 24,
        .low = low,
        .lot = lots ? high : high - low,
        .continuous = o->review_us == 0,
    };

    if (p->lane == OMO_NONE) { /* the opening stock, once */
        double hours = (double)m->run.horizon_us / (double)OMO_US_PER_HOUR;
        rule = (struct oversell_rule){.hours = hours < OVERSELL_HOURS_MAX ? (uint32_t)(hours + 0.5)
                                                                          : OVERSELL_HOURS_MAX,
                                      .low = (int64_t)n->opening[at] - 1,
                                      .lot = 1};
    } else if (!rule.continuous) {
        int64_t begin =
            (int64_t)((double)o->review_at_us / (double)OMO_US_PER_HOUR + rule.before_hours);
        rule.hours =
            review_hours < OVERSELL_HOURS_MAX ? (uint32_t)(review_hours + 0.5) : OVERSELL_HOURS_MAX;
        rule.begin = (uint32_t)(begin % 24);
    }
    rule.hours = rule.hours < 1 ? 1 : rule.hours;
    rule.lot = rule.lot < 1 ? 1 : rule.lot;
    return rule;
}

/* Probability that a continuously reviewed position has one unit left. */
static double oversell_last(const struct oversell_rule *rule, double mean)
{
    return (oversell_at_least(mean, rule->low) - oversell_at_least(mean, rule->low + rule->lot)) /
           (double)rule->lot;
}

/* Demand of a day and a cycle: how empty the position is hour by hour, and what is asked for. False
 * when nothing is. */
static bool oversell_fill(const struct oversell_chain *c, uint32_t place, uint32_t sku,
                          const struct oversell_rule *rule, struct oversell_cycle *cycle)
{
    double all[24], online[24], switching[24], day = 0.0, until = 0.0;

    for (uint32_t hour = 0; hour < 24; hour++)
        day += all[hour] = oversell_rate(c, place, sku, hour, &online[hour], &switching[hour]);
    if (day <= 0.0)
        return false;
    const double before = day * rule->before_hours / 24.0;
    cycle->hours = rule->hours;
    cycle->last = rule->continuous ? oversell_last(rule, before) : 0.0;
    cycle->shop[0] = cycle->online[0] = 0.0;
    for (uint32_t u = 0; u <= rule->hours; u++) {
        const uint32_t hour = (rule->begin + u) % 24;
        cycle->empty[u] =
            oversell_empty(before + (rule->continuous ? 0.0 : until), rule->low, rule->lot);
        until += all[hour];
    }
    for (uint32_t u = 0; u < rule->hours; u++) {
        const uint32_t hour = (rule->begin + u) % 24;
        const double empty = (cycle->empty[u] + cycle->empty[u + 1]) / 2.0;
        const double orders = online[hour] + switching[hour] * empty;
        cycle->online[u + 1] = cycle->online[u] + orders;
        cycle->shop[u + 1] = cycle->shop[u] + all[hour] - online[hour];
    }
    return true;
}

/* A running mean at a time, continued cycle after cycle. */
static double oversell_until(const double *mean, uint32_t hours, double at)
{
    const double cycles = maths_floor(at / hours), rest = at - cycles * hours;
    const uint32_t hour = rest >= hours ? hours - 1 : (uint32_t)rest;

    return cycles * mean[hours] + mean[hour] + (rest - hour) * (mean[hour + 1] - mean[hour]);
}

/* The race from the middle of hour u on, over `lag` hours. */
static double oversell_from(const struct oversell_cycle *cycle, double at, double lag,
                            bool periodic, int32_t buffer)
{
    return oversell_units(oversell_until(cycle->shop, cycle->hours, at + lag) -
                              oversell_until(cycle->shop, cycle->hours, at),
                          oversell_until(cycle->online, cycle->hours, at + lag) -
                              oversell_until(cycle->online, cycle->hours, at),
                          periodic, buffer);
}

/* The same, but over when the next delivery comes after `left` hours: news that would come later
 * does not matter, and of a uniform time to the next refresh a part left / lag is that of the
 * shorter period. */
static double oversell_stopped(const struct oversell_cycle *cycle, double at, double lag,
                               double left, bool periodic, int32_t buffer)
{
    if (left >= lag)
        return oversell_from(cycle, at, lag, periodic, buffer);
    const double whole = oversell_from(cycle, at, left, false, buffer);
    if (!periodic)
        return whole;
    const double part = left / lag;
    return part * oversell_from(cycle, at, left, true, buffer) + (1.0 - part) * whole;
}

static void oversell_position(const struct oversell_chain *c, uint32_t place, uint32_t rank,
                              double weight, struct oversell_cycle *cycle,
                              struct oversell_sums *sums)
{
    const omo_model *m = c->m;
    const struct place *p = &m->network.place[place];
    const struct oversell_rule rule = oversell_rule(m, p, p->position_first + rank);
    const int32_t buffer = m->integration.buffer;

    if (!oversell_fill(c, place, m->network.assortment[p->assortment].sku[rank], &rule, cycle))
        return;
    for (uint32_t u = 0; u < cycle->hours; u++) {
        const double taken =
            cycle->shop[u + 1] - cycle->shop[u] + cycle->online[u + 1] - cycle->online[u];
        const double outs =
            weight / (double)cycle->hours *
            (rule.continuous ? taken * cycle->last : cycle->empty[u + 1] - cycle->empty[u]);
        if (outs <= 0.0)
            continue;
        const double at = u + 0.5, left = (double)cycle->hours - at;
        sums->outs += outs;
        sums->units += outs * oversell_from(cycle, at, c->lag_hours, c->periodic, buffer);
        sums->stopped +=
            outs * (rule.continuous || p->lane == OMO_NONE
                        ? oversell_from(cycle, at, c->lag_hours, c->periodic, buffer)
                        : oversell_stopped(cycle, at, c->lag_hours, left, c->periodic, buffer));
    }
}

/* ---- a chain --------------------------------------------------------------------------------- */

/* Every `step`-th place of a kind, each for as many. */
static void oversell_kind(const struct oversell_chain *c, omo_place_kind kind,
                          struct oversell_cycle *cycle, struct oversell_sums *sums)
{
    const struct network *n = &c->m->network;
    size_t positions = 0;
    uint32_t seen = 0;

    for (uint32_t i = 0; i < n->place_count; i++)
        if (n->place[i].kind == kind)
            positions += network_place_positions(n, &n->place[i]);
    const uint32_t step = (uint32_t)(positions / OVERSELL_POSITIONS) + 1;
    for (uint32_t i = 0; i < n->place_count; i++) {
        if (n->place[i].kind != kind || network_place_positions(n, &n->place[i]) == 0 ||
            seen++ % step != 0)
            continue;
        for (uint32_t rank = 0; rank < network_place_positions(n, &n->place[i]); rank++)
            oversell_position(c, i, rank, step, cycle, sums);
    }
}

omo_status omo_model_oversell(const omo_model *model, double stockouts,
                              omo_oversell_units *ret_units, omo_error *ret_error)
{
    const omo_model *m = model;
    struct oversell_sums sums = {0.0, 0.0, 0.0};

    DRAFT_CHECK(m != NULL && m->sealed && ret_units != NULL, "a sealed model is needed");
    DRAFT_CHECK(m->queueing.station_count == 0, "a network of queues oversells nothing");
    DRAFT_CHECK(stockouts >= 0.0, "a count is at least 0");
    if (model_view_kind(m) == VIEW_REAL_TIME) {
        *ret_units = (omo_oversell_units){0.0, 0.0};
        return OMO_OK;
    }
    const size_t segments = m->demand.segment_count, flows = m->network.place_count * segments;
    struct arena work = {0};
    struct oversell_chain c = {
        .m = m,
        .units = arena_take(&work, flows, sizeof(double)),
        .online = arena_take(&work, flows, sizeof(double)),
        .share = arena_take(&work, segments * m->network.sku_count, sizeof(double)),
        .hour = arena_take(&work, segments * 24, sizeof(double)),
        .lag_hours = (double)m->integration.sync_lag_us / (double)OMO_US_PER_HOUR,
        .periodic = model_view_kind(m) == VIEW_PERIODIC,
    };
    struct oversell_cycle *cycle = arena_take(&work, 1, sizeof(*cycle));
    const bool ok =
        c.units != NULL && c.online != NULL && c.share != NULL && c.hour != NULL && cycle != NULL;
    if (ok) {
        seal_flows(m, c.units, c.online);
        seal_demand_shares(m, c.share);
        for (uint32_t i = 0; i < segments; i++)
            oversell_hours(&m->demand.segment[i], &c.hour[i * 24]);
        for (uint32_t kind = 0; kind < OMO_PLACE_KIND_COUNT; kind++)
            oversell_kind(&c, (omo_place_kind)kind, cycle, &sums);
        *ret_units = (omo_oversell_units){
            .units = sums.outs > 0.0 ? stockouts * sums.units / sums.outs : 0.0,
            .stopped = sums.outs > 0.0 ? stockouts * sums.stopped / sums.outs : 0.0,
        };
    }
    arena_free(&work);
    return ok ? OMO_OK : draft_memory(ret_error);
}
