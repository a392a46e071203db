/* One or several plans as one stream of journeys, in the order of their start.
 *
 *     g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, ret_error);
 *     struct plan_visit visit;
 *     g_autoptr(GError) error = NULL;
 *     while (plan_merge_next(merge, &visit, &error)) ...
 *
 * Of journeys that start together, those of an earlier path come first. Numbers of channels,
 * places, SKUs and coupons are given anew, so that one name has one number; those of a single plan
 * stay as they are. Step kinds are the registry's (traffic/steps.h). Plans whose time 0 is known
 * are laid over each other by the clock, time 0 becoming the earliest; one that does not know it
 * begins where the others do. One thread at a time; memory does not depend on the length.
 */
#ifndef TRAFFIC_PLAN_MERGE_H
#define TRAFFIC_PLAN_MERGE_H

#include "traffic/plan.h"

typedef struct plan_merge PlanMerge;

/* A journey and its steps, valid until the next one. */
struct plan_visit {
    omo_plan_journey journey;
    const omo_plan_step *steps;
    const struct plan_payload *payloads; /* of each step; NULL when none has one */
    uint64_t number;                     /* in the stream, from 1 */
};

/* `paths` ends with NULL and has one path at least; all times are moved by `shift_us`. Caller
 * frees. */
PlanMerge *plan_merge_open(const char *const *paths, int64_t shift_us, GError **ret_error);
void plan_merge_free(PlanMerge *merge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanMerge, plan_merge_free)

/* The next journey; FALSE at the end, *ret_error left alone, or on an error. The end is reached
 * only when each file's checksum was right. */
gboolean plan_merge_next(PlanMerge *merge, struct plan_visit *ret_visit, GError **ret_error);

/* What a plan of the stream has to say about itself: names, time 0; seed, digest and replication
 * when all files have the same. Borrowed. */
const struct plan_about *plan_merge_about(const PlanMerge *merge);
/* As plan_name(), of the stream's numbers. */
const char *plan_merge_name(const PlanMerge *merge, enum plan_name list, uint32_t number);
/* The stream's names, NULL-terminated: what a filter can ask for; NULL without a list. Borrowed. */
const char *const *plan_merge_names(const PlanMerge *merge, enum plan_name list);
/* Share of the bytes that has been read. */
double plan_merge_share_done(const PlanMerge *merge);

#endif
