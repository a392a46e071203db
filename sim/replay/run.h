/* What the workers of a load run share: tables made before the start and read-only from then on,
 * and the one flag that stops them. Private to the engine. */
#ifndef REPLAY_RUN_H
#define REPLAY_RUN_H

#include "replay/feed.h"

#include <stdatomic.h>

struct recorder;

#define RUN_TIMEOUTS_MAX 32 /* different time-outs of an API map */

struct run_requests { /* of a kind of step */
    uint16_t first, count;
};

struct run {
    struct load_options options; /* with what was left open filled in */
    uint32_t worker_count;
    struct plan_cursor first;
    int64_t first_us;

    uint8_t kind[256]; /* registry kind of the plan's step numbers */
    struct run_requests requests[STEP_COUNT + 1];
    const struct api_request **request; /* by index */
    uint8_t *timeout_class;             /* of a request */
    bool *keyed;                        /* of a request: its order's key is recorded */
    int64_t timeout_ns[RUN_TIMEOUTS_MAX];
    uint32_t timeout_count;
    uint32_t variable_count;
    uint32_t session_variables; /* a bit for each */
    int64_t session_valid_ns;   /* 0 = no sessions */

    int64_t start_ns; /* on the clock of clock_ns() */
    int64_t start_unix_ms;
    int64_t
        stop_starting_ns; /* no journey begins from then on; INT64_MAX = the plan's end decides */
    double requests_a_journey; /* of the plan's first ones */
    bool tick;                 /* LOAD_PACE_AUTO: begin with ticks, the rate is known to be high */
    struct recorder *recorder;
    _Atomic(const char *) stop_reason; /* NULL = go on */
};

/* Whether a request of that intended time counts for the rates asked for and held. */
static inline bool run_measures(const struct run *run, int64_t intended_ns)
{
    return intended_ns >= run->options.warm_up_ns && intended_ns < run->stop_starting_ns;
}

#endif
