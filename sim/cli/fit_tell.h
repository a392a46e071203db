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

/* Writes a scenario that runs at once, one shop with these customers, products and prices, and beside
 * it, PATH without its suffix and "_profile.csv", its table of hours: day, hour, and a column for each
 * stream. What the data do not say (costs, staff) is there with a word that it is not. The table is
 * written first: a scenario that is there can be run. */
gboolean fit_scenario_write_demand(const FitDemand *fit, const char *path, GError **ret_error);

#endif
