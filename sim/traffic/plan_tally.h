/* What a plan holds, counted as it goes by. One thread at a time. */
#ifndef TRAFFIC_PLAN_TALLY_H
#define TRAFFIC_PLAN_TALLY_H

#include "traffic/plan_merge.h"
#include "traffic/steps.h"

typedef struct plan_tally PlanTally;

struct plan_totals {
    uint64_t journeys, steps;
    uint64_t step_kind[STEP_COUNT];
    uint64_t channel[UINT8_MAX + 1]; /* journeys by the stream's numbers */
    uint64_t payload_size;           /* bytes of recorded requests */
    int64_t first_us, last_us;       /* of the first journey, of the latest step; 0 without one */
    uint64_t peak_steps;             /* in the busiest minute of the plan */
    int64_t peak_us;                 /* when it begins: a whole minute after time 0 */
};

/* Caller frees with plan_tally_free(). */
PlanTally *plan_tally_new(void);
void plan_tally_free(PlanTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanTally, plan_tally_free)

/* Journeys come in the order of their start. */
void plan_tally_add(PlanTally *tally, const struct plan_visit *visit);
/* The sums so far. Borrowed until the next plan_tally_add(). */
const struct plan_totals *plan_tally_totals(PlanTally *tally);

#endif
