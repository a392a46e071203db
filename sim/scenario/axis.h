/* One --vary argument: a path and the values it takes. Inside of sim/scenario. */
#ifndef SCENARIO_AXIS_H
#define SCENARIO_AXIS_H

#include <glib.h>
#include <stdint.h>

#define AXIS_VALUES_MAX 10000

/* Reads "path=v1,v2,..." or "path=low:high:step" into settings "path=value" (GPtrArray of owned
 * char *, at least one; caller unrefs). A malformed argument is BAD_USAGE. */
GPtrArray *axis_parse(const char *argument, GError **ret_error);

#endif
