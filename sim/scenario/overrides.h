/* Changing a scenario's tree: --set arguments and points. Inside of sim/scenario. */
#ifndef SCENARIO_OVERRIDES_H
#define SCENARIO_OVERRIDES_H

#include "shell/node.h"

#include <stdbool.h>

/* Sets "path=value"; what excludes the new value is taken away first. */
gboolean overrides_set(Node *root, const char *argument, GError **ret_error);
/* Merges a point's overrides, likewise. */
void overrides_merge(Node *root, const Node *overlay);
/* Whether an argument sets something inside of `points`, `factors` or `calibration`. */
bool overrides_is_header(const char *argument);
/* "path=value" lines of an overlay, one per scalar or list. Caller frees with g_free(). */
char *overrides_to_text(const Node *overlay);

#endif
