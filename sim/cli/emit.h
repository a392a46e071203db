/* What commands leave on standard output alike: JSON, and the length of a run. */
#ifndef CLI_EMIT_H
#define CLI_EMIT_H

#include "scenario/scenario.h"

#include <jansson.h>

/* Writes `json` (taken) and a line end. Errors of the stream are found by main() at the end, like
 * those of printf(): they are reported once. */
void emit_json(json_t *json);
/* Prints how long a scenario is measured, "28 days after 7 of warm-up", without a line end. */
void emit_days(const Scenario *scenario);

#endif
