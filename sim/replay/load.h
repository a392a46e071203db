/* A load run: a plan (or a rate) sent at targets by worker threads, measured and cut off in time.
 *
 *     g_autoptr(Load) load = load_new(&options, &error);         all memory, names and limits first
 *     if (!load_run(load, on_tick, user, &error)) ...
 *     const struct load_result *result = load_result(load);
 *
 * Each worker thread has a libuv loop, a pool of connections, its share of the journeys (by member,
 * so that a session stays with one worker; by journey number where there is none) and a struct
 * measure. Nothing is shared while running but flags to stop. What is due is sent, whatever is
 * still open: in open loop no intended time ever depends on an answer.
 *
 * Intended times. From a plan at `speed`: (step's time - the plan's first time in use) / speed. At
 * a rate: journeys are taken from the plan in its order and start at the rate's times (or after
 * exponential gaps); steps follow their journey's start as the plan has them, / speed. A plan that
 * runs out begins anew (pass + 1). A request after the first of its step: intended time of the one
 * before + its takes + its think. A log-in that is put in before a step has that step's intended
 * time. Closed loop: each user takes the next journey when it is done with the one before, steps
 * wait for `think` only; intended = sent, which is the fallacy it shows.
 */
#ifndef REPLAY_LOAD_H
#define REPLAY_LOAD_H

#include "replay/measure.h"
#include "replay/pool.h"
#include "traffic/api.h"

enum load_mode { LOAD_PLAN, LOAD_RATE, LOAD_CLOSED };
enum load_pace { LOAD_PACE_AUTO, LOAD_PACE_TIMER, LOAD_PACE_TICK, LOAD_PACE_SPIN };

struct load_stage { /* the rate goes from `from` to `to` journeys a second, in a straight line */
    int64_t duration_ns;
    double from, to;
};

struct load_options {
    const Plan *plan;  /* borrowed */
    const ApiMap *map; /* borrowed */
    struct target *const
        *targets; /* borrowed; journeys go to them in turn, a member always to the same */
    uint32_t target_count;
    enum load_mode mode;
    double speed;                    /* of the plan: 0.1 .. 10,000 */
    int64_t from_us, to_us;          /* journeys of the plan that start in [from, to) */
    const struct load_stage *stages; /* LOAD_RATE */
    uint32_t stage_count;
    bool poisson;   /* LOAD_RATE: exponential gaps, keyed by the seed, else even ones */
    uint32_t users; /* LOAD_CLOSED */
    int64_t
        duration_ns;    /* stop starting journeys then; INT64_MAX = the plan's or the stages' end */
    int64_t warm_up_ns; /* left out of the measures */
    int64_t timeout_ns; /* of a request, from its sending or, unsent, from when it could be sent */
    int64_t drain_ns; /* how long to wait for answers after the last intended time; then cut off */
    uint32_t threads; /* 0 = one for each processor but one, at least 1 */
    uint32_t journeys_max; /* in flight, all threads; more are shed */
    uint32_t sessions_max;
    uint32_t redirects; /* followed by a request at most, up to 100; 0 = none */
    enum load_pace pace;
    int64_t interval_ns;
    int64_t
        own_lateness_ns; /* of its own lateness, p99: up to there the generator is not too slow */
    uint64_t seed;
    uint32_t
        first_pass; /* of the plan; later runs at the same service take one that is new to it */
    struct pool_options pool; /* links_max of all threads together */
    const char *record;       /* file for every outcome, results/record.h; NULL = none */
    const char *api;          /* the map's file as given, for the record; NULL = only its name */
};
void load_defaults(struct load_options *options);

struct load_cpu { /* of the worker threads */
    double user_s, system_s;
};

struct load_result {
    struct measure_all *all; /* merged */
    int64_t started_unix_us;
    int64_t elapsed_ns;           /* from the first intended time to the last answer */
    int64_t intended_ns;          /* planned length: last intended time */
    uint64_t intended_requests;   /* that were due; all of them are in the measures, shed or not */
    double asked_rate, held_rate; /* requests a second: due, and answered, over the measured time */
    bool interrupted;             /* load_stop() */
    const char *stop_reason;      /* "interrupted", an --abort-on text, NULL */
    uint32_t threads;
    const char *pace; /* "timer", "tick", "spin" */
    struct load_cpu cpu;
    /* Self-judgement (load_result.c): the generator is too slow when the p99 of its own lateness
     * (from when a request was due, its journey's earlier answer in and a connection free, to its
     * sending) is above 5 % of the response p99 and above own_lateness_ns, or when it did not begin
     * what was due. */
    bool too_slow;
    char too_slow_why[160];
    omo_histogram *own_lateness; /* ns: the generator's own share alone: due and sendable -> sent */
    uint64_t journey_memory, session_memory, link_memory; /* bytes at their highest */
    uint64_t journeys_in_flight_max;
    uint64_t tls_errors;
    const char *tls_error_text; /* NULL = none */
    uint64_t recorded;          /* outcomes on disk */
};

typedef struct load Load;

/* Everything that can fail fails here: file limits ("200,000 connections asked for, the limit of
 * open files is 1,024: ulimit -n"), memory, threads. */
Load *load_new(const struct load_options *options, GError **ret_error);
void load_free(Load *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Load, load_free)

/* Runs to the end. `on_tick` is called in the calling thread ten times a second with what is known
 * so far (load_now()); it may call load_stop(). Errors: CANNOT_RUN (disk full while recording: the
 * run ends, what was measured stays readable). */
gboolean load_run(Load *load, void (*on_tick)(void *user, Load *load), void *user,
                  GError **ret_error);
/* From any thread or on_tick. `reason` is static. */
void load_stop(Load *load, const char *reason);

/* CLOCK_MONOTONIC of the run's time 0 (clock_ns()); from on_tick. */
int64_t load_start_ns(const Load *load);
/* Notes in the record, when one is kept, what was done to the service at `at_us` since the run began.
 * Any thread; before and after load_run() it does nothing of use. */
void load_hook(Load *load, int64_t at_us, const char *what, const char *detail);

struct load_now {
    int64_t elapsed_ns, total_ns; /* total 0 = not known */
    uint64_t requests, errors, journeys_started, journeys_ended;
    double rate;                    /* of the last whole second */
    int64_t p50_ns, p99_ns, max_ns; /* responses, last 10 s */
    uint64_t in_flight;             /* journeys */
    uint32_t connections, waiting;
};
void load_now(const Load *load, struct load_now *ret_now);
/* About how many requests will be due in the measured time; 0 = not known. */
uint64_t load_expected_requests(const Load *load);
/* The measures, for windows while it runs. */
struct measure_all *load_measures(const Load *load);
/* After load_run(). Borrowed. */
const struct load_result *load_result(const Load *load);

#endif
