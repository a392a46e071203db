/* Intended starts.
 *
 * A linear stage from a to b journeys a second over D seconds has begun a t + (b - a) t^2 / 2D
 * journeys after t seconds. Its inverse is written as 2 y / (a + sqrt(a^2 + 2 (b - a) y / D)), which
 * loses no digits when a and b are close and needs no case for a = b. A journey's level is its
 * number (or, for Poisson arrivals, a sum of exponentials: time rescaling turns a unit-rate process
 * into one of any rate), and levels only rise, so stages are walked forward.
 *
 * The walk is the same in each worker, at about 20 ns a journey. The other way, cutting the plan
 * into a file for each worker first, would have to read the plan twice.
 */
#include "replay/feed.h"

#include "shell/diagnostic.h"

#include <math.h>

#define FEED_WALK_MAX 4096            /* journeys looked at in one call */
#define FEED_KEEP (INT64_C(64) << 20) /* bytes of plan behind the cursor that stay mapped in */
#define FEED_STEP (INT64_C(4) << 20)
#define FEED_LEVEL_SLACK 1e-6 /* 0.1/s for 30 s are 3 journeys, whatever the last bit */
enum { DRAW_PURPOSE_START = 160 };

uint64_t feed_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

gboolean feed_find_first(const struct load_options *options, struct plan_cursor *ret_first,
                         int64_t *ret_first_us, GError **ret_error)
{
    struct plan_cursor cursor = plan_begin(options->plan);
    struct plan_cursor before = cursor;
    const omo_plan_journey *journey;

    while ((journey = plan_next(options->plan, &cursor)) != NULL) {
        if (journey->at_us >= options->to_us)
            break;
        if (journey->at_us >= options->from_us) {
            *ret_first = before;
            *ret_first_us = journey->at_us;
            return TRUE;
        }
        before = cursor;
    }
    if (cursor.broken)
        plan_set_broken_error(options->plan, &cursor, ret_error);
    else
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: no journey begins in the window asked for", plan_path(options->plan));
    return FALSE;
}

void feed_init(struct feed *feed, const struct load_options *options, struct plan_cursor first,
               int64_t first_us, uint32_t worker, uint32_t worker_count)
{
    *feed = (struct feed){.options = options,
                          .first = first,
                          .cursor = first,
                          .first_us = first_us,
                          .worker = worker,
                          .worker_count = worker_count,
                          .pass = options->first_pass,
                          .forgotten = first.at};
    omo_draws_open(&feed->draws, options->seed, 0, DRAW_PURPOSE_START, 0, 0, NULL);
    if (options->poisson)
        feed->level = omo_draws_exponential(&feed->draws);
}

int64_t feed_stages_ns(const struct load_options *options)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < options->stage_count; i++)
        sum += options->stages[i].duration_ns;
    return sum;
}

static double stage_integral(const struct load_stage *stage, double t_s)
{
    const double length_s = (double)stage->duration_ns / 1e9;

    return stage->from * t_s + (stage->to - stage->from) * t_s * t_s / (2 * length_s);
}

double feed_integral(const struct load_options *options, int64_t until_ns)
{
    double sum = 0;

    for (uint32_t i = 0; i < options->stage_count && until_ns > 0; i++) {
        const struct load_stage *stage = &options->stages[i];
        const int64_t length_ns = MIN(stage->duration_ns, until_ns);
        sum += stage_integral(stage, (double)length_ns / 1e9);
        until_ns -= length_ns;
    }
    return sum;
}

/* When the integral of the rate reaches feed->level; INT64_MAX = never. */
static int64_t rate_time(struct feed *feed)
{
    const struct load_options *o = feed->options;

    for (; feed->stage < o->stage_count; feed->stage++) {
        const struct load_stage *stage = &o->stages[feed->stage];
        const double length_s = (double)stage->duration_ns / 1e9;
        const double whole = stage_integral(stage, length_s);
        const double y = feed->level - feed->begun;
        if (y < whole - FEED_LEVEL_SLACK) {
            const double square =
                stage->from * stage->from + 2 * (stage->to - stage->from) * y / length_s;
            const double root = square > 0 ? sqrt(square) : 0;
            const double t_s = y > 0 ? 2 * y / (stage->from + root) : 0;
            return feed->stage_begin_ns + (int64_t)(t_s * 1e9 + 0.5);
        }
        feed->begun += whole;
        feed->stage_begin_ns += stage->duration_ns;
    }
    return INT64_MAX;
}

static int64_t start_time(struct feed *feed, const omo_plan_journey *journey)
{
    int64_t at_ns = 0;

    switch (feed->options->mode) {
    case LOAD_PLAN:
        at_ns = feed_scale_ns(journey->at_us - feed->first_us, feed->options->speed);
        break;
    case LOAD_RATE:
        at_ns = rate_time(feed);
        feed->level += feed->options->poisson ? omo_draws_exponential(&feed->draws) : 1;
        break;
    case LOAD_CLOSED:
        break;
    }
    return at_ns < feed->options->duration_ns ? at_ns : INT64_MAX;
}

/* The next journey of the window; begins anew where the mode does. NULL = no more. */
static const omo_plan_journey *next_journey(struct feed *feed)
{
    const struct load_options *o = feed->options;

    for (;;) {
        const omo_plan_journey *journey = plan_next(o->plan, &feed->cursor);
        if (journey != NULL && journey->at_us < o->to_us)
            return journey;
        feed->broken = feed->cursor.broken;
        if (feed->broken || o->mode == LOAD_PLAN ||
            (o->mode == LOAD_CLOSED && o->duration_ns == INT64_MAX))
            return NULL;
        feed->cursor = feed->first; /* there is one: feed_find_first() saw it */
        feed->forgotten = feed->first.at;
        feed->pass++;
    }
}

/* A session stays with one worker, so in open loop members decide; a closed loop's users must not
 * wait for a member of their own to come by. */
static bool is_mine(const struct feed *feed, const omo_plan_journey *journey)
{
    const uint64_t identity =
        journey->member != 0 && feed->options->mode != LOAD_CLOSED ? journey->member : feed->number;

    return feed->worker_count == 1 || feed_mix(identity) % feed->worker_count == feed->worker;
}

/* Journeys in flight may still lie before: reading them brings their page back. */
static void forget(struct feed *feed)
{
    if (feed->worker == 0 && feed->cursor.at - feed->forgotten > FEED_KEEP + FEED_STEP) {
        feed->forgotten = feed->cursor.at - FEED_KEEP;
        plan_forget(feed->options->plan, feed->forgotten);
    }
}

struct feed_start feed_next(struct feed *feed)
{
    struct feed_start start = {.at_ns = INT64_MAX};

    forget(feed);
    for (uint32_t i = 0; i < FEED_WALK_MAX && !feed->ended; i++) {
        const omo_plan_journey *journey = next_journey(feed);
        start.at_ns = journey != NULL ? start_time(feed, journey) : INT64_MAX;
        if (start.at_ns == INT64_MAX) {
            feed->ended = true;
            return start;
        }
        start.number = feed->number;
        start.pass = feed->pass;
        const bool mine = is_mine(feed, journey);
        feed->number++;
        if (mine) {
            start.journey = journey;
            return start;
        }
    }
    return start;
}
