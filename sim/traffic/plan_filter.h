/* Which journeys of a plan are wanted. A journey is kept or dropped whole, with all its steps.
 *
 * Times are either since time 0 (90s, 18h, 1d6h: journeys that start then) or a time of day (18:00:
 * on each day of the plan; days begin at midnight UTC where time 0 is known, else at time 0).
 */
#ifndef TRAFFIC_PLAN_FILTER_H
#define TRAFFIC_PLAN_FILTER_H

#include "traffic/plan_merge.h"

/* Options as they were typed; NULL = not given. */
struct plan_filter_options {
    const char *from, *to; /* from <= start < to; a time of day may go over midnight */
    const char *channels;  /* names, comma-separated, each */
    const char *places;    /* where the journey or one of its steps is */
    const char *steps;     /* one of its steps is of these kinds */
    const char *member;
    const char *journeys; /* FIRST:COUNT, by the stream's numbers */
    const char *sample;   /* a share of the members; a journey of none goes by its order */
    uint64_t seed;        /* of the sample */
};

typedef struct plan_filter PlanFilter;

/* Checks the options against what the plan names; BAD_USAGE, "--channel: unknown channel 'ap', did
 * you mean 'app'?". Borrows the stream. Caller frees. */
PlanFilter *plan_filter_new(const struct plan_filter_options *options, const PlanMerge *merge,
                            GError **ret_error);
void plan_filter_free(PlanFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanFilter, plan_filter_free)

bool plan_filter_match(const PlanFilter *filter, const struct plan_visit *visit);

#endif
