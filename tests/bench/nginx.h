/* nginx from the distribution as a server to measure against: one process on one core, a free port, a
 * folder of its own. */
#ifndef TESTS_BENCH_NGINX_H
#define TESTS_BENCH_NGINX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct nginx {
    char *folder; /* NULL = not running */
    char *url;    /* "http://127.0.0.1:4711" */
    pid_t pid;
};

/* Starts it pinned to core `cpu`, with "location / { LOCATION }" of the configuration. False when it
 * isn't there or does not answer; says why on standard error. */
bool nginx_start(struct nginx *nginx, uint32_t cpu, const char *location);
void nginx_stop(struct nginx *nginx);

/* Pins the calling thread to one core; false when there is no such core. */
bool nginx_pin(uint32_t cpu);

struct nginx_peer { /* another tool's run */
    uint64_t requests;
    double user_s, system_s;
};
/* Runs `wrk -t1 -cCONNECTIONS -dSECONDSs URL` on core `cpu`. False when it isn't there. */
bool nginx_run_wrk(const struct nginx *nginx, uint32_t cpu, uint32_t connections, uint32_t seconds,
                   struct nginx_peer *ret_peer);

/* Runs `h2load -t1 -cCONNECTIONS -mSTREAMS -DSECONDS URL` likewise. */
bool nginx_run_h2load(const char *url, uint32_t cpu, uint32_t connections, uint32_t streams,
                      uint32_t seconds, struct nginx_peer *ret_peer);

#endif
