/* A plan, an API map and a scripted server, and a load run of them: for the tests of the engine. */
#ifndef TESTS_REPLAY_LOAD_CASE_H
#define TESTS_REPLAY_LOAD_CASE_H

#include "replay/load.h"
#include "replay/peer.h"

struct load_case {
    char *folder;
    PlanWriter *writer;
    Plan *plan;
    ApiMap *map;
    struct target *target;
    struct load_options options; /* may be changed before the run */
    Load *load;
    const struct load_result *result;
    GError *error; /* of load_new() or load_run() */
};

/* Begins a plan; `map` is the text of an API map, NULL = recorded requests. */
void load_case_open(struct load_case *c, const char *map, const char *url);
/* Adds a journey of steps of these kinds, `gap_ms` apart. Journeys come in the order of at_ms. */
void load_case_journey(struct load_case *c, int64_t at_ms, uint64_t member, uint64_t order,
                       int64_t gap_ms, const char *kinds);
/* Adds one recorded GET of `path`. */
void load_case_get(struct load_case *c, int64_t at_ms, const char *path);
/* Runs it; c->error says when it could not. */
void load_case_run(struct load_case *c, void (*on_tick)(void *user, Load *load), void *user);
void load_case_close(struct load_case *c);

/* Of the total. */
uint64_t load_case_outcome(const struct load_case *c, enum outcome outcome);
uint64_t load_case_count(const struct load_case *c, enum measure_count what);
uint64_t load_case_journeys(const struct load_case *c, enum measure_journey how);
double load_case_response_ms(const struct load_case *c, uint32_t row, uint32_t share_ppm);

/* What the server saw: a request line each, in the order of arrival. */
struct load_case_arrival {
    int64_t at_ns, answered_ns; /* clock_ns() */
    char line[64];              /* "GET /a" */
};
void load_case_log_clear(void);
/* To be called by scripts for each request they read; returns its number. */
uint32_t load_case_log(const char *request);
/* Just before it is answered. */
void load_case_log_answer(uint32_t number);
uint32_t load_case_log_count(void);
const struct load_case_arrival *load_case_log_at(uint32_t i);
/* How many request lines are exactly this. */
uint32_t load_case_log_find(const char *line);

#endif
