/* A progress line on standard error for jobs that last: share done, time left, simulated date,
 * event rate.
 *
 * It shows only on a terminal and only after two seconds, is redrawn ten times a second at most,
 * and is wiped at the end. Elsewhere nothing is written. progress_update() may be called from any
 * thread and costs a clock read when it is too early to draw.
 */
#ifndef SHELL_PROGRESS_H
#define SHELL_PROGRESS_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

typedef struct progress Progress;

/* Day 0 of the simulated calendar as days since 1970-01-01; with this instead, days are counted. */
#define PROGRESS_NO_DATE INT64_MIN

/* `label` is copied. Caller frees with progress_free(), which wipes the line. */
Progress *progress_new(const char *label, int64_t first_day);
/* For tests and other streams: `terminal` says whether to draw, `clock_us` is a monotonic clock.
 * Borrows the stream. */
Progress *progress_new_full(const char *label, int64_t first_day, FILE *stream, gboolean terminal,
                            int64_t (*clock_us)(void));

/* `share` of the job is done (0 to 1), the model stands at `simulated_us` (below 0: unknown),
 * `event_count` events so far. */
void progress_update(Progress *progress, double share, int64_t simulated_us, uint64_t event_count);
/* Wipes the line, so that other text can be written; the next update draws it again. */
void progress_clear(Progress *progress);
void progress_free(Progress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

#endif
