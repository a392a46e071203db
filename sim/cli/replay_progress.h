/* The progress line of a load run on standard error, when that is a terminal. */
#ifndef CLI_REPLAY_PROGRESS_H
#define CLI_REPLAY_PROGRESS_H

#include "replay/load.h"

#include <stdbool.h>

struct replay_progress {
    bool draws;      /* standard error is a terminal */
    bool drawn;      /* a line stands there */
    int64_t next_ns; /* of the run, when to draw again */
};

void replay_progress_begin(struct replay_progress *progress);
/* Draws twice a second. */
void replay_progress_update(struct replay_progress *progress, const Load *load);
/* Wipes the line. */
void replay_progress_end(struct replay_progress *progress);
/* The text of the line. Caller frees. */
char *replay_progress_text(const struct load_now *now);

#endif
