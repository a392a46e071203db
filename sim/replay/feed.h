/* Which journeys begin when: the intended starts of one worker, in the order of time.
 *
 * Every worker walks the whole plan and the whole schedule and keeps what is its own, so that no
 * start depends on how many workers there are. Starts are pure functions of plan, stages and seed.
 *
 *   plan    (journey's time - first time in use) / speed
 *   rate    even: the moment at which the integral of the rate reaches the journey's number, 0, 1,
 *           2 ...; Poisson: the same of a sum of exponential gaps. A stage of 60 s at 100/s begins
 *           exactly 6,000 journeys.
 *   closed  whenever a user asks for the next one
 *
 * Times are nanoseconds since the run began. One thread.
 */
#ifndef REPLAY_FEED_H
#define REPLAY_FEED_H

#include "replay/load.h"

#include <omosim/draws.h>

struct feed_start {
    int64_t at_ns; /* INT64_MAX = there are no more */
    /* NULL: nothing of this worker's begins before at_ns; ask again then. Keeps a worker to which
     * little belongs from walking a long plan in one go. */
    const omo_plan_journey *journey;
    uint64_t number; /* of the journey in the run, over all workers and passes */
    uint32_t pass;
};

struct feed {
    const struct load_options *options; /* borrowed */
    struct plan_cursor first, cursor;   /* first: the first journey in use */
    int64_t first_us;
    uint32_t worker, worker_count;
    uint64_t number;
    uint32_t pass;
    bool broken, ended;
    int64_t stage_begin_ns; /* rate: the stage that the last start fell in */
    uint32_t stage;
    double begun, level; /* journeys of the stages before; level of the next start */
    omo_draws draws;
    const uint8_t *forgotten; /* pages before were given back */
};

/* Finds the first journey in use. FALSE: there is none (BAD_INPUT). */
gboolean feed_find_first(const struct load_options *options, struct plan_cursor *ret_first,
                         int64_t *ret_first_us, GError **ret_error);
/* `first` as found by feed_find_first(); the same for all workers. */
void feed_init(struct feed *feed, const struct load_options *options, struct plan_cursor first,
               int64_t first_us, uint32_t worker, uint32_t worker_count);
/* The next start of this worker's. */
struct feed_start feed_next(struct feed *feed);
/* Length of all stages, and how many journeys the rate asks for in `duration_ns`. */
int64_t feed_stages_ns(const struct load_options *options);
double feed_integral(const struct load_options *options, int64_t until_ns);
/* Scrambles an identity evenly over workers and targets. */
uint64_t feed_mix(uint64_t identity);
/* A time of the plan's as nanoseconds of the run's, at the speed asked for. */
static inline int64_t feed_scale_ns(int64_t us, double speed)
{
    return (int64_t)((double)us * 1000 / speed);
}

#endif
