/* The busiest minute in constant memory.
 *
 * Journeys come in the order of their start and steps are never before it, so minutes before the
 * current start are complete. Those still open lie in a ring that reaches as far ahead as a journey
 * may last: 2^20 minutes, two years, 4 MiB. Steps further out are counted everywhere but here.
 */
#include "traffic/plan_tally.h"

#include <omosim/types.h>

#define TALLY_MINUTES ((int64_t)1 << 20)

struct plan_tally {
    struct plan_totals totals;
    int64_t minute; /* of the current start: the ring's first */
    int64_t end;    /* behind the last one with a step; both minutes since time 0 */
    uint32_t open[TALLY_MINUTES];
};

static int64_t tally_minute(int64_t at_us)
{
    const int64_t minute = at_us / OMO_US_PER_MINUTE;
    return at_us % OMO_US_PER_MINUTE < 0 ? minute - 1 : minute;
}

PlanTally *plan_tally_new(void) { return g_new0(PlanTally, 1); }

void plan_tally_free(PlanTally *tally) { g_free(tally); }

/* Looks for the peak among the open minutes before `minute`. */
static void tally_look(PlanTally *tally, int64_t minute)
{
    for (int64_t m = tally->minute; m < MIN(minute, tally->end); m++) {
        const uint32_t steps = tally->open[m & (TALLY_MINUTES - 1)];
        if (steps > tally->totals.peak_steps) {
            tally->totals.peak_steps = steps;
            tally->totals.peak_us = m * OMO_US_PER_MINUTE;
        }
    }
}

/* Completes the minutes before `minute`. */
static void tally_close(PlanTally *tally, int64_t minute)
{
    tally_look(tally, minute);
    for (int64_t m = tally->minute; m < MIN(minute, tally->end); m++)
        tally->open[m & (TALLY_MINUTES - 1)] = 0;
    tally->minute = minute;
}

void plan_tally_add(PlanTally *tally, const struct plan_visit *visit)
{
    struct plan_totals *totals = &tally->totals;
    const omo_plan_journey *journey = &visit->journey;
    const int64_t last_us = visit->steps[journey->step_count - 1].at_us;

    if (totals->journeys == 0) {
        totals->first_us = journey->at_us;
        totals->last_us = last_us;
        tally->minute = tally_minute(journey->at_us);
        tally->end = tally->minute;
    }
    totals->journeys++;
    totals->steps += journey->step_count;
    totals->channel[journey->channel]++;
    totals->last_us = MAX(totals->last_us, last_us);
    tally_close(tally, tally_minute(journey->at_us));
    for (uint32_t i = 0; i < journey->step_count; i++) {
        const int64_t minute = tally_minute(visit->steps[i].at_us);
        totals->step_kind[visit->steps[i].kind]++;
        totals->payload_size += visit->payloads != NULL ? visit->payloads[i].size : 0;
        if (minute >= tally->minute + TALLY_MINUTES)
            continue;
        tally->open[minute & (TALLY_MINUTES - 1)]++;
        tally->end = MAX(tally->end, minute + 1);
    }
}

const struct plan_totals *plan_tally_totals(PlanTally *tally)
{
    tally_look(tally, tally->end);
    return &tally->totals;
}
