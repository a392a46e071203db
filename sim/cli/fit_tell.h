/* What was fitted, told: as text, as JSON, as a block of a scenario. */
#ifndef CLI_FIT_TELL_H
#define CLI_FIT_TELL_H

#include "cli/fit_members.h"

#include <jansson.h>

void fit_tell_members(const FitMembers *fit);
/* Caller owns the reference. */
json_t *fit_tell_members_json(const FitMembers *fit);
/* A scenario's block `members`, to be taken in by `include` or copied. Caller frees. */
char *fit_tell_members_scenario(const FitMembers *fit);

#endif
