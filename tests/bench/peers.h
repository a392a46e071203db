/* What bench_load is made of: programs started on one processor with their time counted, servers, and
 * the parts of the table. */
#ifndef TESTS_BENCH_PEERS_H
#define TESTS_BENCH_PEERS_H

#include "bench/bench.h"

#include <glib.h>
#include <sys/types.h>

#define PEERS_SERVER_CPU 0
#define PEERS_TOOL_CPU 1

/* One run of a program: what it cost and what it said. */
struct peers_run {
    bool ok; /* it was there and ended with status 0 or 1 */
    double user_s, system_s;
    long memory_kb; /* resident at its highest */
    int status;
    char *output; /* of both streams; owned */
};

/* Runs a program to its end, on PEERS_TOOL_CPU alone. */
void peers_run(const char *const *argv, struct peers_run *ret_run);
/* The same, arguments in one line cut at blanks. */
void peers_run_line(struct peers_run *ret_run, const char *format, ...) G_GNUC_PRINTF(2, 3);
void peers_run_clear(struct peers_run *run);
/* First number behind `label` in the output; NaN when it isn't there. */
double peers_number_after(const char *output, const char *label);
/* A number of omosim's JSON, by path "requests.count"; NaN when it isn't there. */
double peers_json(const struct peers_run *run, const char *path);

/* A server on PEERS_SERVER_CPU; `ready` is what it prints when it listens ("" = wait for the port). */
pid_t peers_server_start(const char *const *argv, const char *log);
/* Ends it and waits. */
void peers_server_stop(pid_t pid);
/* A port that nobody listens on now. */
uint32_t peers_free_port(void);
bool peers_wait_for_port(uint32_t port);

/* What all parts share. */
struct peers_bench {
    struct bench b;
    char *folder;                            /* temporary */
    char *omosim;                            /* the command */
    char *clock_service;                     /* the server with a clock */
    uint32_t plain_port, tls_port, h2c_port; /* nginx */
    pid_t nginx;
    double seconds; /* of one run */
};

bool peers_nginx_start(struct peers_bench *l);
/* Plans and API maps of the folder: get.plan, post.plan, journey.plan and their .yaml. */
bool peers_plans_write(struct peers_bench *l);

/* The parts. */
void peers_cost(struct peers_bench *l);   /* processor time of a request beside the peers */
void peers_pacing(struct peers_bench *l); /* error of the send time, at the server */
void peers_frozen(struct peers_bench *l); /* a server that stops for a while */
void peers_memory(struct peers_bench *l); /* of connections, journeys, a long run */

#endif
