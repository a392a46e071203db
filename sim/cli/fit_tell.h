/* What was fitted, told: as text, as JSON, as a block of a scenario. */
#ifndef CLI_FIT_TELL_H
#define CLI_FIT_TELL_H

#include "cli/fit_demand.h"
#include "cli/fit_members.h"

#include <jansson.h>

void fit_tell_members(const FitMembers *fit);
/* Caller owns the reference. */
json_t *fit_tell_members_json(const FitMembers *fit);
/* A scenario's block `members`, to be taken in by `include` or copied. Caller frees. */
char *fit_tell_members_scenario(const FitMembers *fit);

void fit_tell_demand(const FitDemand *fit);
json_t *fit_tell_demand_json(const FitDemand *fit);

/* A scenario that runs at once: one shop with these customers, products and prices. `profile` is the
 * name of the table of hours beside it. What the data do not say (costs, staff) is there with a word
 * that it is not. Caller frees. */
char *fit_scenario_demand(const FitDemand *fit, const char *name, const char *profile);
/* That table: day, hour, and a column for each stream. Caller frees. */
char *fit_scenario_profile(const FitDemand *fit);

#endif
