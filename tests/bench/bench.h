/* What benchmarks share: clocks, medians, rows, and how they are shown.
 *
 * A row is one measured case beside a peer, if it has one: {"bench", "case", "value", "unit",
 * "peer", "peer_value", "ratio"}, ratio = value / peer_value. Times are processor time: the wall
 * clock of a shared machine would measure its neighbours.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "shell/json.h"

#include <stdbool.h>
#include <stdint.h>

#define BENCH_RUNS 5 /* of which a row is the median */

struct bench {
    const char *name; /* "kernel" */
    bool json, quick;
    json_t *rows;
};

/* Reads --quick and --json; prints the machine on standard error. False after saying what is wrong
 * on standard error (exit status 2). */
bool bench_begin(struct bench *b, const char *name, int argc, char **argv);
/* Shows the rows as a table, unless they have been printed one by one for --json; frees them. Hands
 * `good` on as an exit status, 0 or 1. */
int bench_end(struct bench *b, bool good);

/* Adds a row; `peer` may be NULL. With --json it is printed at once. */
void bench_row(struct bench *b, const char *name, double value, const char *unit, const char *peer,
               double peer_value);

/* Seconds of this process's processor time so far. */
double bench_processor_s(void);
/* Sorts, and returns the middle one. */
double bench_median(double *value, uint32_t count);

/* Times `run` and `peer_run` in turns, once to wear in and BENCH_RUNS times, each doing `steps`
 * steps; adds a row of the medians in nanoseconds a step. `peer_run` may be NULL. */
void bench_time(struct bench *b, const char *name, uint64_t steps, void (*run)(uint64_t steps),
                const char *peer, void (*peer_run)(uint64_t steps));

#endif
