/* A worker: one thread with a loop, a pool of connections, its share of the journeys and its own
 * measures. Private to the engine; load.c makes, starts and joins them.
 *
 * worker.c is the thread, its clock and its loop; worker_journey.c the life of a journey from step
 * to step; worker_request.c one request from its being due to its outcome; worker_record.c what is
 * kept of it; worker_session.c log-ins; worker_redirect.c redirects; worker_end.c what is left when
 * the run ends.
 */
#ifndef REPLAY_WORKER_H
#define REPLAY_WORKER_H

#include "replay/due.h"
#include "replay/journey.h"
#include "replay/run.h"

#define WORKER_SCRATCH (256u << 10) /* for a rendered request or the captures of an answer */

/* Where a journey's request under way was sent on to. */
struct worker_redirect {
    int64_t sent_ns;   /* first sending, on clock_ns() */
    int64_t late_ns;   /* own lateness of all sendings but the last */
    uint32_t location; /* path and query, a block of worker->locations */
    uint8_t count;     /* redirects followed so far; 0 = the rest means nothing */
    bool as_get;       /* it has become a GET without a body */
};

struct worker {
    /* ---- set before the start ---- */
    const struct run *run;
    uint32_t index;
    struct measure *measure;
    uint32_t journeys_max;
    char *scratch;

    /* ---- journeys ---- */
    struct journey *journeys;
    uint32_t journey_used, journey_free; /* slots ever used; first that was given back */
    uint32_t in_flight, in_flight_max;
    struct due due;
    struct journey_list ready;
    struct journey_list unsent[RUN_TIMEOUTS_MAX], sent[RUN_TIMEOUTS_MAX]; /* by timer_ns */
    struct values values;
    struct sessions sessions;
    struct worker_redirect *redirect; /* of each journey; NULL = redirects are not followed */
    struct values locations;
    uint32_t location; /* the Location header among the wanted ones */
    struct feed feed;
    struct feed_start next; /* the next journey of the feed */
    uint32_t users_idle;    /* closed loop: users without a journey, */
    int64_t users_wait_ns;  /* who pause until then after a failure */

    /* ---- the loop ---- */
    uv_loop_t loop;
    uv_prepare_t prepare;
    uv_poll_t timer_poll;
    uv_async_t wake;
    bool loop_open;
    int timer_fd;
    struct pool *pool;
    struct exchange_events events;
    int64_t now_ns;   /* since the run began: read once a turn, and for each answer */
    int64_t armed_ns; /* what the timer is set to, on clock_ns(); below 0 = at once or not at all */
    int64_t target_ns;            /* for which due time, INT64_MIN = none */
    int64_t lead_ns, lead_max_ns; /* how much ahead of it */
    bool timer_fired;
    int64_t last_intended_ns, housekeeping_ns, tick_ns;
    uint64_t tick_count; /* requests due until the last housekeeping */
    bool ticking;
    struct journey *sending; /* inside pool_request() with it */

    /* ---- counts, read by the main thread after the join ---- */
    uint64_t due_count, due_measured_count; /* requests that were due; of the measured time */
    uint64_t number_count;
    uint32_t last_pass;                 /* that a journey was begun of */
    uint64_t answered_count;            /* of the measured time: answers that came in it */
    uint64_t unstarted_count;           /* journeys that the program did not get to in time */
    uint64_t shed_count;                /* journeys without room in memory */
    uint64_t timer_count, ticked_count; /* requests that were due while it paced so */
    int64_t last_done_ns;
    omo_histogram *own_lateness;
    double user_s, system_s;
    uint64_t link_memory, value_memory;
    bool record_failed;
    atomic_bool ended;
    GThread *thread;
    struct api_text variable[API_VARIABLES_MAX]; /* while one request is rendered or judged */
};

/* Takes all memory. FALSE: it is not to be had (CANNOT_RUN). */
gboolean worker_init(struct worker *worker, const struct run *run, uint32_t index,
                     const struct measure_options *measures, GError **ret_error);
void worker_clear(struct worker *worker);
/* Starts the thread; the run's clock must be set. */
gboolean worker_start(struct worker *worker, GError **ret_error);
/* From any thread, until worker_clear(): look at the run's stop flag now. */
void worker_wake(struct worker *worker);
/* Waits until it has ended. */
void worker_join(struct worker *worker);

/* ---- worker_journey.c ------------------------------------------------------------------------ */

/* Begins the feed's next journey; sheds it when there is no room. */
void worker_begin_journey(struct worker *worker, const struct feed_start *start);
/* Goes on with a journey whose time has come and whose earlier answer is in. */
void worker_turn(struct worker *worker, struct journey *journey);
/* The request under way is over, and it was not the last word on its journey. */
void worker_advance(struct worker *worker, struct journey *journey);
/* The step under way is needless: on to the next one. */
void worker_skip_step(struct worker *worker, struct journey *journey);
/* Enters a journey that is not begun as shed, by its first request. */
void worker_shed_journey(struct worker *worker, const struct feed_start *start);
/* Intended time of a step. */
int64_t worker_step_ns(const struct worker *worker, const struct journey *journey,
                       const omo_plan_step *step);
/* The requests that a step of this kind becomes. */
static inline const struct run_requests *worker_requests(const struct worker *worker,
                                                         const omo_plan_step *step)
{
    return &worker->run->requests[worker->run->kind[step->kind]];
}
static inline bool worker_is_closed(const struct worker *worker)
{
    return worker->run->options.mode == LOAD_CLOSED;
}
void worker_end_journey(struct worker *worker, struct journey *journey, uint32_t how);
/* Puts it into the heap or, when at_ns has passed, among the ready. */
void worker_schedule(struct worker *worker, struct journey *journey, int64_t at_ns);
static inline uint32_t worker_index_of(const struct worker *worker, const struct journey *journey)
{
    return (uint32_t)(journey - worker->journeys);
}

/* ---- worker_request.c ------------------------------------------------------------------------ */

static inline struct journey_request *worker_request(struct journey *journey)
{
    return journey->log_ins_left > 0 ? &journey->log_in : &journey->own;
}
/* Counts a request as due and numbers it, once. */
void worker_note_due(struct worker *worker, struct journey_request *request);
/* Hands the request under way to the pool. */
void worker_send(struct worker *worker, struct journey *journey);
/* The request under way has its outcome, or is tried again. */
void worker_outcome(struct worker *worker, struct journey *journey, enum outcome outcome,
                    uint32_t status, int64_t done_ns);
/* What templates are rendered with, with all that was captured so far; in worker->variable. */
void worker_fill_values(struct worker *worker, const struct journey *journey, uint64_t number,
                        struct api_values *ret_values);
/* Whether a captured variable, 1 + its number, is known to the journey or its session; 0: never. */
bool worker_knows(struct worker *worker, const struct journey *j, uint32_t variable);
/* Fills in the request's message, its texts in the first `size` bytes of the scratch memory. FALSE:
 * a value is missing, or it is too large. */
bool worker_render(struct worker *worker, const struct journey *journey,
                   const struct journey_request *request, size_t size,
                   struct api_message *ret_message);
/* Cancels what took longer than its time-out; returns when the next one is over. */
int64_t worker_time_out(struct worker *worker);
extern const struct exchange_events worker_events; /* without user and map */

/* ---- worker_record.c ------------------------------------------------------------------------- */

/* Counts, measures and records an outcome; says nothing about what comes after. */
void worker_record(struct worker *worker, struct journey *journey, enum outcome outcome,
                   uint32_t status, int64_t done_ns);
/* The exchange of the request under way is over. Once for each try. */
void worker_note_sent(struct worker *worker, struct journey *journey, bool may_have_done);
/* Records what an answer told. There is a record. */
void worker_tell(struct worker *worker, const struct journey_request *request,
                 const struct api_told *told);

/* ---- worker_session.c ------------------------------------------------------------------------ */

/* Whether the journey may send its own request now. FALSE: it is logging in or waits for another
 * journey that does, or its log-in step was needless and it has gone on. */
bool worker_session_ready(struct worker *worker, struct journey *journey);
/* The log-in under way ended. Wakes who waited for it. */
void worker_session_opened(struct worker *worker, struct journey *journey);
void worker_session_failed(struct worker *worker, struct journey *journey);
/* The service wants a new log-in. FALSE: it was given one already for this request. */
bool worker_session_renew(struct worker *worker, struct journey *journey);

/* ---- worker_redirect.c ----------------------------------------------------------------------- */

/* Memory for redirects, if they are followed. FALSE: it is not to be had. */
bool worker_redirect_init(struct worker *worker);
void worker_redirect_clear(struct worker *worker);
/* The response header that must be wanted beside those of the map; NULL = none. Static. */
const char *worker_redirect_wanted(const struct worker *worker);
/* Redirects are followed, and the request was answered with this outcome. TRUE: the answer sends it
 * on; its journey is ready. FALSE: it has its outcome, which may have become bad_status. */
bool worker_redirect(struct worker *worker, struct journey *journey, const struct api_reply *reply,
                     enum outcome *outcome);
static inline bool worker_is_redirected(const struct worker *worker, const struct journey *journey)
{
    return worker->redirect != NULL && worker->redirect[worker_index_of(worker, journey)].count > 0;
}
/* Makes the message of a redirected request that of where it was sent on to. */
void worker_redirect_message(const struct worker *worker, const struct journey *journey,
                             struct api_message *message);
/* The request is over or begins anew: its clocks become those of its first sending. */
void worker_redirect_end(struct worker *worker, struct journey *journey);

/* ---- worker_end.c ---------------------------------------------------------------------------- */

/* Cuts off all journeys, and enters what was due and not begun. */
void worker_cut_off(struct worker *worker);

#endif
