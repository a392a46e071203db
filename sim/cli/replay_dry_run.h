/* The first journeys of a plan as curl commands, without sending anything. */
#ifndef CLI_REPLAY_DRY_RUN_H
#define CLI_REPLAY_DRY_RUN_H

#include "replay/load.h"

#include <stdio.h>

/* Prints `count` journeys for the first target. What an answer would give stands as "$NAME". */
gboolean replay_dry_run(const struct load_options *load, uint64_t count, FILE *stream,
                        GError **ret_error);

#endif
