/* The server with a clock, and what its log says. */
#ifndef TESTS_BENCH_PEERS_CLOCK_H
#define TESTS_BENCH_PEERS_CLOCK_H

#include "bench/peers.h"

struct peers_clock {
    pid_t pid;
    char *url, *log;
    int64_t (
        *entry)[2]; /* arrival and answer, ns, in the order of arrival; after peers_clock_stop() */
    uint64_t count;
};

/* `options` are clock_service's, cut at blanks. */
bool peers_clock_start(const struct peers_bench *l, const char *options,
                       struct peers_clock *ret_clock);
/* Ends the server and reads its log. */
void peers_clock_stop(struct peers_clock *clock);
void peers_clock_clear(struct peers_clock *clock);
/* Start of an even schedule of `rate` a second: nothing arrives before it is sent, so it is the least of
 * (arrival k - k / rate), but for one arrival in a thousand. */
int64_t peers_clock_origin_ns(const struct peers_clock *clock, double rate);
int peers_clock_compare(const void *a, const void *b); /* of int64_t, for qsort() */

#endif
