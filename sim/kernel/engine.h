/* What is inside an omo_kernel: columns of jobs, stations and sources around one calendar.
 *
 * A job is a slot of `job`; its stamp is raised whenever what is scheduled about it no longer
 * holds (it starts, is interrupted, leaves), so that ends of service and ends of patience go
 * stale without being looked for. Files: kernel.c (life), engine.c (loop), job.c, source.c,
 * queue.c (who waits, by discipline), station.c (joining, serving, leaving), group.c (batches,
 * waves, branches), server.c (shifts, breakdowns, crews), options.c (what a model may add),
 * report.c, inspect.c and steps.c (what a tracer sees), shape.c and save.c (checkpoints), and
 * snapshot.c, which names every member and column here: a new one needs a line there. Contract for
 * users: omosim/kernel.h.
 */
#ifndef OMO_KERNEL_ENGINE_H
#define OMO_KERNEL_ENGINE_H

#include <omosim/kernel.h>

#include "base/arena.h"
#include "base/batches.h"
#include "base/draws.h"
#include "base/gauge.h"
#include "base/laws.h"
#include "base/moments.h"
#include "base/nhpp.h"
#include "base/pool.h"
#include "kernel/calendar.h"
#include "kernel/queue.h"

enum engine_kind {
    ENGINE_ARRIVAL,  /* slot = source */
    ENGINE_DONE,     /* slot = job (of a batch: its first) */
    ENGINE_PATIENCE, /* slot = job */
    ENGINE_BATCH,    /* slot = station: the first job has waited long enough */
    ENGINE_WAVE,     /* slot = station: the gate opens */
    ENGINE_SHIFT,    /* slot = station, arg = shift that begins */
    ENGINE_FAIL,     /* slot = station, arg = server */
    ENGINE_REPAIR,   /* slot = station, arg = server */
    ENGINE_KINDS     /* the model's own follow; slot = timer, arg = subject */
};

enum engine_owner { OWNER_NONE, OWNER_JOB, OWNER_TIMER, OWNER_STATION };

enum job_state {
    JOB_NOWHERE, /* new, or in a handler that may send it */
    JOB_GATED,
    JOB_WAITING,
    JOB_SERVED,
    JOB_BLOCKED, /* served, and holds its server until there is room ahead */
    JOB_FORKED,  /* split; waits for its branches */
    JOB_ENDING   /* has left; its source is told */
};

#define JOB_ORDINAL_BITS OMO_CUSTOMER_ORDINAL_BITS /* of an identity; its source is above them */
#define JOB_WORK_UNKNOWN (-1)
#define JOB_TARGET_ROUTES OMO_NONE     /* no handler has said where to go */
#define JOB_TARGET_END (OMO_NONE - 1)  /* a handler has ended it */
#define ENGINE_STATIONS_MAX (1u << 24) /* an index of a draw */
#define ENGINE_SOURCES_MAX (1u << 16)
#define ENGINE_HOPS_MAX 1000000 /* refusals of a job on one way */
#define ENGINE_DEPTH_MAX 1000   /* sendings inside of sendings */

struct job {
    alignas(
        64) uint64_t identity; /* source << 40 | ordinal; of a branch: mixed from its parent's */
    int64_t arrived_us, joined_us;
    int64_t since_us;        /* waiting, served or blocked since */
    int64_t work_us;         /* service still to come, at speed 1 */
    int64_t service_us;      /* of this visit in all */
    int64_t next_work_us;    /* at the next station, as the model has set it */
    uint32_t next, previous; /* in a list; `next` is the cell in a tree, or the next of a batch */
    uint32_t station;
    uint32_t target;
    uint64_t turn; /* order of joining */
    uint32_t visit;
    int32_t priority;
    uint16_t source;
    uint8_t state, skill;
    bool alive, started, patient, movable; /* patient: an end of patience is pending */
    uint32_t server;                       /* in a detailed station */
    uint32_t parent;                       /* of a branch, else OMO_NONE */
    uint32_t pending;      /* branches that are out; of a batch's first job: its size */
    uint32_t blocked_next; /* in the list of those that wait for room */
    uint64_t data;
};
_Static_assert(sizeof(struct job) == 128, "two cache lines, found by a shift");

/* Sums over jobs of one source at one station (or in the whole system). */
struct class_sums {
    uint64_t arrived, refused, balked, reneged, started, waited, done;
    uint32_t inside, inside_reset; /* now, and when the measures were last reset */
    core_int128 queued_us;         /* intervals in the queue that have ended */
    struct moments stay; /* from joining to done; of the system, from arrival to the end */
};

_Static_assert(sizeof(struct class_sums) == 128, "found by a shift");

struct station_route {
    uint32_t to;
    uint32_t until_ppm; /* cumulative */
};

struct station_routes { /* of one outcome */
    struct station_route *route;
    uint32_t count;
};

struct server {
    uint32_t job; /* OMO_NONE = idle */
    uint32_t crew;
    uint32_t lives; /* ordinal of its up and down times */
    uint32_t up;    /* 0 or 1, and no hole: saved as bytes */
};

struct station {
    /* What every event reads. */
    int64_t since_us; /* areas are complete up to here */
    uint32_t index;
    uint32_t waiting, busy, blocked, inside;
    uint32_t duty; /* servers on duty and up */
    uint32_t room, level_over;
    bool plain;    /* first come first served by servers alike, without gate, batch, branch */
    bool detailed; /* servers are told apart: server[] */
    bool special;  /* the number of servers changes */
    bool batches, impatient, batch_timer; /* batch_timer: its event is pending */
    int64_t wait_over_us, stay_over_us;   /* OMO_FOREVER = none */
    struct queue *queue;                  /* [queue_count], one a skill */
    uint32_t queue_count;
    struct class_sums *sums; /* [source] */
    omo_law service;
    core_int128 waiting_area, busy_area, level_square_area;
    core_int128 level_area; /* not kept by plain stations: the sum of the others */
    struct gauge blocked_gauge;
    int64_t empty_us, over_us; /* spans that have ended */
    int64_t empty_since_us, over_since_us;
    uint32_t level_max;
    uint64_t wait_over, stay_over, preempted;
    struct moments wait; /* from joining to the first start */
    struct batches batches_wait;

    struct queue gate;
    uint32_t blocked_first, blocked_last; /* jobs elsewhere that wait for room here */
    uint32_t let_in_next;                 /* in the stack of stations that let jobs in */
    bool lets_in;                         /* is in there */
    struct server *server;
    uint32_t server_count;
    uint32_t duty_shift; /* servers on duty by the shift */
    struct gauge duty_gauge, overtime_gauge, down_gauge;
    struct moments wave; /* jobs a wave or a batch */
    uint64_t waves_empty;
    int64_t period_end_us;
    int64_t period_done;   /* in the period under way */
    struct moments period; /* departures of the periods that have ended */
    uint64_t pick_count;   /* ordinal of random picks */

    omo_station_options options; /* pointers in it are our copies */
    struct station_routes routes[OMO_OUTCOME_COUNT];
};

#define SOURCE_GAPS 64
#define SOURCES_AHEAD 8 /* so few sources stay out of the calendar */

struct source {
    omo_source_options options;
    struct nhpp rates; /* in use when options.rate_count is not 0 */
    struct draw_cursor cursor;
    uint64_t ordinal;
    int64_t next_us; /* of the arrival that is ahead, in the calendar's order; see source.c */
    uint64_t next_order;
    bool ahead;
    uint32_t gap_used; /* of gap[]; SOURCE_GAPS = draw more */
    double gap[SOURCE_GAPS];
    /* Unit exponentials of the services of SOURCE_GAPS of its jobs at station options.to, from this
     * identity on: drawn by the batch, and good for as long as that is what they need. */
    uint64_t service_first;
    double service[SOURCE_GAPS];
    struct class_sums sums; /* of the whole system */
};

struct engine_handler {
    omo_event_handler handler;
    void *user;
    char *name;
};

struct omo_kernel {
    struct calendar calendar;
    struct draw_key key;
    int64_t reset_us; /* measures count from here */
    bool stopped;     /* the loop ends after this event */
    bool sealed, running;
    bool interrupted;              /* by the reader, before an event */
    omo_event_reader event_reader; /* NULL = none */
    void *event_reader_user;
    uint64_t event_count, digest, turn;
    uint32_t depth; /* sendings inside of sendings: a circle at one instant shows here */

    struct pool jobs;
    struct job *job;
    uint32_t *stamp; /* [job] */
    struct queue_cell *cell;
    uint32_t cell_free, cell_used;
    struct pool timers;
    uint32_t *timer_kind, *timer_subject;
    uint32_t *station_stamp;

    struct station *station;
    uint32_t station_count, station_capacity;
    struct source *source;
    uint32_t source_count, source_capacity;
    uint32_t source_first; /* whose arrival is next of those ahead, OMO_NONE = none is */
    uint32_t ahead_count;
    struct engine_handler *handler;
    uint32_t handler_count, handler_capacity;
    struct report_count *count;           /* [station] scratch of the audit */
    char *packed_station, *packed_source; /* scratch of saving (snapshot.c) */
    uint32_t recurring; /* events pending that come again for ever: gates, shifts, breakdowns */

    struct arena arena;
    omo_kernel_options options;
    omo_status status;
    omo_error error;
    struct steps *steps; /* what befalls customers is read (steps.c); NULL = not */
    struct arena steps_arena;
};

/* The model's first mistake: kept, and the run stops. */
void engine_fail(struct omo_kernel *k, omo_status status, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

/* Checks references, takes all memory, schedules what begins by itself. */
void engine_seal(struct omo_kernel *k);

/* A sending inside of a sending begins, or ends. False when they are so deep that they go round
 * in a circle: noted. */
bool engine_deeper(struct omo_kernel *k, uint64_t identity, const char *station);
static inline void engine_back(struct omo_kernel *k) { k->depth--; }

static inline int64_t engine_now_us(const struct omo_kernel *k) { return k->calendar.now_us; }

/* The event that comes next, from the calendar or from a source; false when there is none. */
bool engine_next(const struct omo_kernel *k, struct event *ret_event);

/* Whether `after_us` from now is a time; past the end of time is a mistake of the model. */
static inline bool engine_is_in_time(struct omo_kernel *k, int64_t after_us)
{
    int64_t now_us = engine_now_us(k);

    if (__builtin_expect(after_us <= OMO_FOREVER - 1 - now_us, 1))
        return true;
    engine_fail(k, OMO_EINVAL, "an event %lld us after %lld is past the end of time",
                (long long)after_us, (long long)now_us);
    return false;
}

static inline void engine_schedule(struct omo_kernel *k, int64_t after_us, struct event_about about)
{
    if (engine_is_in_time(k, after_us))
        calendar_push(&k->calendar, engine_now_us(k) + after_us, 0, about);
}

/* The event that is pending about a job no longer holds. */
static inline void engine_stamp(struct omo_kernel *k, uint32_t job)
{
    k->stamp[job]++;
    calendar_cancelled(&k->calendar);
}

/* ---- job.c ----------------------------------------------------------------------------------- */

/* A new job of a source, standing nowhere; OMO_NONE when the pool is full (the run stops). */
uint32_t job_take(struct omo_kernel *k, uint32_t source);
/* One of the jobs that `parent` is split into. */
uint32_t job_take_branch(struct omo_kernel *k, uint32_t parent, uint32_t branch);
/* The job leaves the system: source's books, parent, slot. A closed source begins it anew. */
void job_leave(struct omo_kernel *k, uint32_t slot);
/* Calls a handler of the model, if there is one; `movable`: it may send or end the job. */
void job_call_model(struct omo_kernel *k, uint32_t slot, omo_job_handler handler, void *user,
                    bool movable);
static inline void job_call(struct omo_kernel *k, uint32_t slot, omo_job_handler handler,
                            void *user, bool movable)
{
    k->job[slot].target = JOB_TARGET_ROUTES;
    if (handler != NULL)
        job_call_model(k, slot, handler, user, movable);
}
static inline omo_job job_handle(const struct omo_kernel *k, uint32_t slot)
{
    return (omo_job){slot, k->jobs.generation[slot]};
}
/* Entity of a job's keyed draws at its present visit. */
uint64_t job_entity(const struct job *j);

/* ---- source.c -------------------------------------------------------------------------------- */

void source_begin(struct omo_kernel *k, uint32_t source);
/* One arrival; `opens`: the source begins, with its population or without an arrival. */
void source_fire(struct omo_kernel *k, uint32_t source, bool opens);

/* ---- station.c ------------------------------------------------------------------------------- */

/* Completes a station's areas up to now. */
void station_touch(struct station *s, int64_t now_us);
/* A job that stands nowhere goes to a station, or where that one's refusal sends it. */
void station_send(struct omo_kernel *k, uint32_t slot, uint32_t to);
/* Servers take what they can. */
void station_fill(struct omo_kernel *k, struct station *s);
void station_done(struct omo_kernel *k, uint32_t slot);
void station_renege(struct omo_kernel *k, uint32_t slot);
/* Takes a job in service back to the head of the queue. */
void station_interrupt(struct omo_kernel *k, struct station *s, uint32_t slot, bool lose);
/* A period of departures begins; or those of periods that have ended by now are put away. */
void station_open_period(struct station *s, int64_t begin_us);
void station_close_periods(struct station *s, int64_t now_us);
/* Where a job with that outcome goes: a station, or JOB_TARGET_END. */
uint32_t station_next(const struct omo_kernel *k, const struct station *s, omo_outcome outcome,
                      const struct job *j);

/* ---- group.c --------------------------------------------------------------------------------- */

/* The first job has waited long enough for a batch of any size. */
void group_due(struct omo_kernel *k, uint32_t station);
/* The gate opens. */
void group_wave(struct omo_kernel *k, uint32_t station);
/* A job that was split has all its branches back. */
void group_joined(struct omo_kernel *k, uint32_t slot);

/* ---- server.c -------------------------------------------------------------------------------- */

void server_begin(struct omo_kernel *k, uint32_t station);
/* A free server for a job of that skill, or OMO_NONE; in detailed stations only. */
uint32_t server_find(const struct station *s, uint32_t skill);
/* Skills of the free servers. */
uint32_t server_skills(const struct station *s);
/* The least important job in service that a waiting one may push out, or OMO_NONE. */
uint32_t server_least(const struct omo_kernel *k, const struct station *s, uint32_t waiting);
/* How long a server takes for so much work, and what it does in a span. */
int64_t server_span_us(const struct station *s, uint32_t server, int64_t work_us);
int64_t server_work_us(const struct station *s, uint32_t server, int64_t span_us);
void server_shift(struct omo_kernel *k, uint32_t station, uint32_t shift);
void server_fail(struct omo_kernel *k, uint32_t station, uint32_t server);
void server_repair(struct omo_kernel *k, uint32_t station, uint32_t server);
/* Servers have been taken or freed: overtime may have changed. */
void server_note(struct omo_kernel *k, struct station *s);

/* ---- inspect.c ------------------------------------------------------------------------------- */

/* Shows an event to the reader; false when it wants to stop before it. */
bool inspect_event(struct omo_kernel *k, const struct event *e);
/* Who a job is: of a branch the one that was split. */
uint64_t inspect_customer(const struct omo_kernel *k, const struct job *j);

/* ---- steps.c --------------------------------------------------------------------------------- */

/* Shows that a service was broken off; only when k->steps is not NULL. */
void steps_interrupted(struct omo_kernel *k, uint32_t slot);

/* ---- report.c -------------------------------------------------------------------------------- */

/* Bytes of the audit's scratch for one station. */
size_t report_count_size(void);
/* The conservation laws; names the one that does not hold. */
omo_status report_audit(const struct omo_kernel *k, omo_error *ret_error);

#endif
