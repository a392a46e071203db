/* The server with a clock, and what its log says. */
#ifndef TESTS_BENCH_LOAD_CLOCK_H
#define TESTS_BENCH_LOAD_CLOCK_H

#include "bench/load.h"

struct load_clock {
    pid_t pid;
    char *url, *log;
    int64_t (
        *entry)[2]; /* arrival and answer, ns, in the order of arrival; after load_clock_stop() */
    uint64_t count;
};

/* `options` are clock_service's, cut at blanks. */
bool load_clock_start(const struct load_bench *l, const char *options,
                      struct load_clock *ret_clock);
/* Ends the server and reads its log. */
void load_clock_stop(struct load_clock *clock);
void load_clock_clear(struct load_clock *clock);
/* Start of an even schedule of `rate` a second: nothing arrives before it is sent, so it is the least of
 * (arrival k - k / rate), but for one arrival in a thousand. */
int64_t load_clock_origin_ns(const struct load_clock *clock, double rate);
int load_clock_compare(const void *a, const void *b); /* of int64_t, for qsort() */

#endif
