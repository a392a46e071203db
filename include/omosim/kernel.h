/* The simulation kernel by itself: events, stations, sources, keyed draws, and their measures, for
 * whoever wants a discrete-event engine and no shop.
 *
 * Life: omo_kernel_new; add kinds, stations, sources, routes; omo_kernel_run as often as wanted;
 * read reports; omo_kernel_free. Everything may be added until the first run, the first event
 * scheduled or the first job made by hand, which takes all memory: from then on nothing is
 * allocated. A kernel belongs to one thread; two kernels share nothing. Times are whole
 * microseconds, laws (law.h) are in microseconds too; a model in other units multiplies by
 * OMO_US_PER_HOUR and the like. Same model, same seed, same replication: same events, on every
 * machine. Draws are keyed by what they are for and whom they concern: two models with the same
 * sources meet the same customers with the same needs, whatever else differs.
 *
 * Mistakes of a model (a delay that is negative, a job sent after its end, a full pool) stop the
 * run: omo_kernel_run returns the status and the text; calls after that do nothing.
 *
 * M/M/1, customers 0.9 an hour, service 1 an hour, in 30 lines:
 *
 * ---- mm1.c
 *     #include <inttypes.h>
 *     #include <stdio.h>
 *
 *     #include <omosim/kernel.h>
 *
 *     #define HOUR ((double)OMO_US_PER_HOUR)
 *
 *     int main(void)
 *     {
 *         omo_kernel *k = omo_kernel_new(NULL, NULL);
 *         omo_station_options till = omo_station_defaults("till");
 *         omo_source_options door = omo_source_defaults("door");
 *         omo_station_report r;
 *
 *         till.servers = 1;
 *         till.service = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = HOUR / 1.0};
 *         door.interval = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = HOUR / 0.9};
 *         door.to = omo_kernel_add_station(k, &till);
 *         door.count_max = 1000000;
 *         omo_kernel_add_source(k, &door);
 *
 *         omo_error error;
 *         if (omo_kernel_run(k, OMO_FOREVER, &error) != OMO_OK) {
 *             fprintf(stderr, "mm1: %s\n", error.text);
 *             return 1;
 *         }
 *         omo_kernel_station(k, door.to, &r);
 *         printf("%" PRIu64 " customers, busy %.4f, wait %.4f ± %.4f h\n", r.done, r.busy_mean,
 *                r.wait_mean_us / HOUR, r.wait_half_width_us / HOUR);
 *         omo_kernel_free(k);
 *     }
 * ----
 *
 * A tandem with reneging: customers queue for a fitting room, lose patience after half an hour on
 * average, then queue at the till; whoever gives up is counted by a handler and offered a coupon
 * ten minutes later, in 60 lines:
 *
 * ---- tandem.c
 *     #include <inttypes.h>
 *     #include <stdio.h>
 *
 *     #include <omosim/kernel.h>
 *
 *     #define MINUTE ((double)OMO_US_PER_MINUTE)
 *
 *     struct shop {
 *         omo_kind coupon;
 *         uint64_t gave_up, coupons;
 *     };
 *
 *     static omo_law exponential(double mean_minutes)
 *     {
 *         return (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = mean_minutes * MINUTE};
 *     }
 *
 *     static void gives_up(omo_kernel *k, void *user, omo_job job)
 *     {
 *         struct shop *shop = user;
 *
 *         (void)job;
 *         shop->gave_up++;
 *         omo_schedule(k, shop->coupon, 10 * OMO_US_PER_MINUTE, 0);
 *     }
 *
 *     static void coupon(omo_kernel *k, void *user, uint32_t subject)
 *     {
 *         (void)k;
 *         (void)subject;
 *         ((struct shop *)user)->coupons++;
 *     }
 *
 *     int main(void)
 *     {
 *         struct shop shop = {0};
 *         omo_kernel *k = omo_kernel_new(NULL, NULL);
 *         omo_station_options fitting = omo_station_defaults("fitting room");
 *         omo_station_options till = omo_station_defaults("till");
 *         omo_source_options door = omo_source_defaults("door");
 *         omo_error error;
 *
 *         shop.coupon = omo_kernel_add_kind(k, "coupon", coupon, &shop);
 *         fitting.servers = 3;
 *         fitting.service = exponential(6);
 *         fitting.impatient = true;
 *         fitting.patience = exponential(30);
 *         fitting.on_reneged = gives_up;
 *         fitting.user = &shop;
 *         till.servers = 1;
 *         till.service = exponential(1.5);
 *         door.interval = exponential(2);
 *         door.to = omo_kernel_add_station(k, &fitting);
 *         omo_kernel_route(k, door.to, OMO_DONE, omo_kernel_add_station(k, &till), OMO_PPM);
 *         omo_kernel_add_source(k, &door);
 *         if (omo_kernel_run(k, 1000 * OMO_US_PER_DAY, &error) != OMO_OK)
 *             return fprintf(stderr, "tandem: %s\n", error.text), 1;
 *         for (uint32_t i = 0; i < omo_kernel_station_count(k); i++) {
 *             omo_station_report r;
 *             omo_kernel_station(k, (omo_station){i}, &r);
 *             printf("%-12s wait %5.2f min, %4.1f %% gave up\n", omo_kernel_station_name(k, i),
 *                    r.queue_time_mean_us / MINUTE, 100.0 * r.reneged / r.arrived);
 *         }
 *         printf("%" PRIu64 " gave up, %" PRIu64 " coupons sent\n", shop.gave_up, shop.coupons);
 *         omo_kernel_free(k);
 *     }
 * ----
 */
#ifndef OMOSIM_KERNEL_H
#define OMOSIM_KERNEL_H

#include <omosim/event.h>
#include <omosim/law.h>
#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OMO_FOREVER INT64_MAX
#ifndef OMO_UNLIMITED
#define OMO_UNLIMITED UINT32_MAX
#endif
#define OMO_SKILLS_MAX 32 /* skills of a station's crews, numbered from 0 */

typedef struct omo_kernel omo_kernel;

typedef struct { /* a kind of event of the model's own */
    uint32_t index;
} omo_kind;
typedef struct {
    uint32_t index;
} omo_station;
typedef struct {
    uint32_t index;
} omo_source;
typedef struct { /* one customer, order, parcel ... under way; goes stale when it ends */
    uint32_t slot;
    uint32_t generation;
} omo_job;
typedef struct { /* one scheduled event; goes stale when it has happened */
    uint32_t slot;
    uint32_t generation;
} omo_timer;

typedef void (*omo_event_handler)(omo_kernel *k, void *user, uint32_t subject);
typedef void (*omo_job_handler)(omo_kernel *k, void *user, omo_job job);

/* ---- life ------------------------------------------------------------------------------------ */

typedef struct omo_kernel_options {
    size_t size;
    uint64_t seed;        /* 1 */
    uint32_t replication; /* 0; mixed with the seed */
    uint32_t job_max;     /* 1,000,000: jobs in the system at once; address space until used */
    uint32_t timer_max;   /* 100,000: events of the model's own pending at once */
} omo_kernel_options;

OMO_API omo_kernel_options omo_kernel_defaults(void);
/* Returns an empty kernel at time 0, or NULL with the error set. NULL options are the defaults.
 * Caller frees with omo_kernel_free. */
OMO_API omo_kernel *omo_kernel_new(const omo_kernel_options *options, omo_error *ret_error);
OMO_API void omo_kernel_free(omo_kernel *k);
/* Handles everything up to and including until_us, then stands there; with OMO_FOREVER until
 * nothing is pending. The books are audited before it returns (OMO_EAUDIT). */
OMO_API omo_status omo_kernel_run(omo_kernel *k, int64_t until_us, omo_error *ret_error);
/* Stops the run under way after the handler that calls it; omo_kernel_run returns OMO_OK. */
OMO_API void omo_kernel_stop(omo_kernel *k);
/* Measures begin anew here, levels stay: the end of a warm-up. */
OMO_API void omo_kernel_reset_measures(omo_kernel *k);
OMO_API int64_t omo_kernel_now_us(const omo_kernel *k);
/* Events handled, and cancelled ones dropped. */
OMO_API uint64_t omo_kernel_event_count(const omo_kernel *k);
OMO_API uint64_t omo_kernel_stale_count(const omo_kernel *k);
/* Digest of all events handled so far: time, order, kind, subject. */
OMO_API uint64_t omo_kernel_digest(const omo_kernel *k);
/* First mistake of the model so far, OMO_OK when there is none; the text in *ret_error. */
OMO_API omo_status omo_kernel_status(const omo_kernel *k, omo_error *ret_error);

/* Shows every event to a reader before it is handled (event.h): kinds of stations and sources, and
 * the model's own by name; customers by identity, stations by index. When the reader says stop,
 * omo_kernel_run returns OMO_ECANCELLED, and the next run offers the event again. NULL = nobody. */
OMO_API void omo_kernel_set_event_reader(omo_kernel *k, omo_event_reader reader, void *user);
/* Shows what befalls customers meanwhile, before the model's own handlers are called for it. NULL =
 * nobody, which costs nothing. To be set after the last station and source were added, between
 * runs. OMO_ENOMEM. */
OMO_API omo_status omo_kernel_set_step_reader(omo_kernel *k, omo_step_reader reader, void *user);
/* Shows every customer and branch that stands at a station, since joined_us. */
OMO_API void omo_kernel_list_customers(const omo_kernel *k, omo_step_reader reader, void *user);
/* The next event, which may be a cancelled one; false: nothing is pending. */
OMO_API bool omo_kernel_next_event(const omo_kernel *k, omo_event_record *ret_record);
/* Customers in the network, and branches. */
OMO_API uint32_t omo_kernel_customer_count(const omo_kernel *k);
/* When the measures last began anew. */
OMO_API int64_t omo_kernel_measured_from_us(const omo_kernel *k);

/* Saves a kernel that has run, or has something scheduled, between two calls of omo_kernel_run; it
 * is left as it was. Kinds, stations and sources are not saved, nor what the model's handlers keep
 * for themselves; handles of jobs and timers stay good. OMO_EINVAL for one that has failed,
 * OMO_ECANCELLED when `write` returns false. checkpoint.h draws the bytes, and says what of
 * stations and sources must be the same. */
OMO_API omo_status omo_kernel_save(const omo_kernel *k, omo_bytes_writer write, void *user,
                                   omo_error *ret_error);
/* Fills a kernel of the same seed and replication, to which the same kinds, stations and sources
 * have been added, and which has not run yet: it goes on as the saved one would have, and what was
 * scheduled in it before is gone. OMO_EINVAL for bytes that are foreign, cut short, damaged or of
 * another model, OMO_EAUDIT for a state that does not add up; the kernel may then be of no use,
 * which omo_kernel_status tells. */
OMO_API omo_status omo_kernel_restore(omo_kernel *k, omo_bytes_reader read, void *user,
                                      omo_error *ret_error);

/* ---- events of the model's own --------------------------------------------------------------- */

/* At one instant events happen in the order of scheduling; those of stations and sources too. */
OMO_API omo_kind omo_kernel_add_kind(omo_kernel *k, const char *name, omo_event_handler handler,
                                     void *user);
/* The handler is called delay_us from now (0 or more) with the subject, which is the caller's. */
OMO_API omo_timer omo_schedule(omo_kernel *k, omo_kind kind, int64_t delay_us, uint32_t subject);
/* False when it has happened or was cancelled already. O(1) amortised; gives its room back. */
OMO_API bool omo_cancel(omo_kernel *k, omo_timer timer);
/* Cancels, and schedules the same kind and subject again; the old timer is stale. */
OMO_API omo_timer omo_reschedule(omo_kernel *k, omo_timer timer, int64_t delay_us);

/* ---- draws ----------------------------------------------------------------------------------- */

/* One value of a law, in whole microseconds, keyed by (seed, replication, stream, entity): the same
 * call gives the same value, whenever it is made. stream is below 2^24 and the caller's. */
OMO_API int64_t omo_kernel_draw_us(const omo_kernel *k, const omo_law *law, uint32_t stream,
                                   uint64_t entity);
/* Uniform in (0, 1), keyed alike. */
OMO_API double omo_kernel_draw_unit(const omo_kernel *k, uint32_t stream, uint64_t entity);

/* ---- stations -------------------------------------------------------------------------------- */

typedef enum omo_discipline {
    OMO_FIFO,
    OMO_LIFO,
    OMO_RANDOM,             /* each waiting job alike, by a keyed draw */
    OMO_SHORTEST,           /* shortest service first, not interrupted */
    OMO_PRIORITY,           /* lowest priority number first, then FIFO; not interrupted */
    OMO_PRIORITY_PREEMPTIVE /* the same, and a job in service with a higher number is put back to
                               the head of its class and resumed later where it was */
} omo_discipline;

/* What a job meets when a station has no room. OMO_TURN_AWAY: it is refused; on_refused, then the
 * OMO_REFUSED routes, else it leaves. OMO_BLOCK: it stays with its server at the station before,
 * which stands idle, until there is room (blocking after service); from a source it is refused. */
typedef enum omo_full { OMO_TURN_AWAY, OMO_BLOCK } omo_full;

typedef enum omo_outcome { OMO_DONE, OMO_RENEGED, OMO_REFUSED, OMO_OUTCOME_COUNT } omo_outcome;

typedef struct omo_shift { /* from this time of the period on, so many servers are on duty */
    int64_t from_us;
    uint32_t servers;
} omo_shift;

/* Servers whose shift ends while they serve: OMO_OVERTIME, they finish the job first;
 * OMO_HAND_OVER, the job goes to the head of the queue and the next server resumes it. */
typedef enum omo_shift_end { OMO_OVERTIME, OMO_HAND_OVER } omo_shift_end;

typedef struct omo_crew { /* servers alike */
    uint32_t servers;
    uint32_t skills; /* bit s: they can serve jobs of skill s */
    double speed;    /* 1; 2 = twice as fast */
} omo_crew;

typedef struct omo_station_options {
    size_t size;
    const char *name; /* copied */
    uint32_t servers; /* 1; OMO_UNLIMITED = never a queue */
    omo_law service;
    omo_discipline discipline;
    uint32_t room; /* OMO_UNLIMITED; jobs waiting and in service, at most */
    omo_full when_full;

    /* Balking: with balk_from or more jobs waiting, an arrival turns away (as if refused) with this
     * probability. */
    uint32_t balk_from; /* 0 */
    uint32_t balk_ppm;  /* 0 */
    /* Reneging: a waiting job leaves when its patience ends before its service begins. */
    bool impatient;
    omo_law patience;

    /* Batches: a server takes batch_min to batch_max jobs at once, for one service time. It waits
     * for batch_min of them, but no longer than batch_wait_us after the first of them came. */
    uint32_t batch_min, batch_max; /* 1, 1 */
    int64_t batch_wait_us;         /* OMO_FOREVER */
    /* Waves: jobs wait at a gate, which opens at every multiple of this; 0 = no gate. */
    int64_t wave_us;

    /* Breakdowns of each server by itself: up for a time of this law, whether busy or not, then
     * down for the other. The job in service goes to the head of the queue; it is resumed where it
     * was, or begins anew when work_lost. */
    bool breaks;
    bool work_lost;
    omo_law up, down;

    /* Shifts: servers on duty by time of the period (a day, a week), ascending, from_us of the
     * first is 0; NULL = always all. `servers` is then the most of them. Copied. */
    const omo_shift *shifts;
    uint32_t shift_count;
    int64_t shift_period_us;
    omo_shift_end shift_end;

    /* Crews: NULL = servers alike that can do everything. Copied. A job of skill s goes to a free
     * crew that has it, the one with the fewest skills first. `servers` is then their sum. */
    const omo_crew *crews;
    uint32_t crew_count;

    /* Fork and join: a job that comes here is split into one job for each branch, and goes on when
     * all of them have ended (left the system, by any way). It needs no server; service, servers
     * and what follows from them are unused. Copied. */
    const omo_station *branches;
    uint32_t branch_count;

    /* What the measures count. */
    int64_t wait_over_us; /* waits longer than this; negative = none */
    int64_t time_over_us; /* times from joining to done longer than this; negative = none */
    uint32_t level_over;  /* time with more jobs than this here; OMO_UNLIMITED = none */
    int64_t period_us;    /* a day: departures are counted by such periods, for their variance */

    /* Called, in this order of a job's life, with `user`; NULL = nobody. on_done, on_reneged and
     * on_refused may send the job elsewhere or end it; what they leave alone follows the routes. */
    omo_job_handler on_start, on_done, on_reneged, on_refused;
    void *user;
} omo_station_options;

OMO_API omo_station_options omo_station_defaults(const char *name);
/* Adds a station. An option that makes no sense is the kernel's first mistake (omo_kernel_status),
 * named in its text; the station returned is then of no use. */
OMO_API omo_station omo_kernel_add_station(omo_kernel *k, const omo_station_options *options);
/* Jobs with that outcome at `from` go to `to` with this probability. Shares of one outcome add up
 * to OMO_PPM at most; the rest leaves the system. The draw is keyed by job and visit. */
OMO_API omo_status omo_kernel_route(omo_kernel *k, omo_station from, omo_outcome outcome,
                                    omo_station to, uint32_t share_ppm);
OMO_API uint32_t omo_kernel_station_count(const omo_kernel *k);
OMO_API const char *omo_kernel_station_name(const omo_kernel *k, uint32_t station);
/* Levels now. */
OMO_API omo_status omo_kernel_station_level(const omo_kernel *k, omo_station station,
                                            omo_station_level *ret_level);
OMO_API uint32_t omo_station_waiting(const omo_kernel *k, omo_station station);
OMO_API uint32_t omo_station_busy(const omo_kernel *k, omo_station station);

/* ---- sources and jobs ------------------------------------------------------------------------ */

typedef struct omo_rate { /* from this time of the period on, so many arrivals an hour */
    int64_t from_us;
    double per_hour;
} omo_rate;

typedef struct omo_source_options {
    size_t size;
    const char *name; /* copied */
    omo_station to;
    omo_law interval; /* between arrivals (renewal process); the first comes one interval after
                         the start */
    /* Non-homogeneous Poisson arrivals instead: rates by time of the period, by inversion of the
     * cumulative rate; NULL = by `interval`. Copied. */
    const omo_rate *rates;
    uint32_t rate_count;
    int64_t rate_period_us;
    uint32_t population;       /* > 0: no arrivals; so many jobs at time 0, which begin anew at `to`
                            whenever they would leave: a closed network */
    int64_t from_us, until_us; /* 0, OMO_FOREVER: when it is open */
    uint64_t count_max;        /* UINT64_MAX: arrivals in all */
    int32_t priority;          /* of its jobs; 0 */
    uint32_t skill;            /* that its jobs need; 0 */
    omo_job_handler on_arrival; /* before the job joins; may send it elsewhere or end it */
    omo_job_handler on_end;     /* when a job leaves the system */
    void *user;
} omo_source_options;

OMO_API omo_source_options omo_source_defaults(const char *name);
OMO_API omo_source omo_kernel_add_source(omo_kernel *k, const omo_source_options *options);
OMO_API uint32_t omo_kernel_source_count(const omo_kernel *k);
OMO_API const char *omo_kernel_source_name(const omo_kernel *k, uint32_t source);

/* Makes a job of a source's kind by hand; it stands nowhere until it is sent. */
OMO_API omo_job omo_job_new(omo_kernel *k, omo_source source);
/* Sends a job to a station: one made by hand, or in a handler that may. */
OMO_API void omo_job_send(omo_kernel *k, omo_job job, omo_station to);
/* Ends a job that stands nowhere, or in a handler that may. */
OMO_API void omo_job_end(omo_kernel *k, omo_job job);
OMO_API bool omo_job_is_alive(const omo_kernel *k, omo_job job);
/* Of a job that is alive: identity (never used again), source, age since arrival. */
OMO_API uint64_t omo_job_identity(const omo_kernel *k, omo_job job);
OMO_API omo_source omo_job_source(const omo_kernel *k, omo_job job);
OMO_API int64_t omo_job_age_us(const omo_kernel *k, omo_job job);
/* Takes effect when it next joins a station. */
OMO_API void omo_job_set_priority(omo_kernel *k, omo_job job, int32_t priority);
OMO_API void omo_job_set_skill(omo_kernel *k, omo_job job, uint32_t skill);
/* Its service time at the next station, instead of a draw; negative = draw again. */
OMO_API void omo_job_set_service_us(omo_kernel *k, omo_job job, int64_t service_us);
/* A word that is the model's own, 0 at first. Valid until the job ends. */
OMO_API uint64_t *omo_job_data(omo_kernel *k, omo_job job);

/* ---- measures -------------------------------------------------------------------------------- */

/* Since the start or the last reset. Means are over time or over jobs as said; NaN = no cases.
 * Times in microseconds. */
typedef struct omo_station_report {
    int64_t span_us;
    uint64_t arrived; /* came, refused and balking ones included */
    uint64_t refused; /* found no room */
    uint64_t balked;
    uint64_t reneged;
    uint64_t waited;    /* of those that came in: did not begin at once */
    uint64_t started;   /* for the first time */
    uint64_t preempted; /* put back from service: preempted, handed over, broken down */
    uint64_t done;
    double queue_mean;    /* jobs waiting, over time (Lq) */
    double busy_mean;     /* servers serving, over time; without a queue: carried load */
    double blocked_mean;  /* servers held by a job that finds no room ahead */
    double duty_mean;     /* servers on duty and not down; NaN when unlimited */
    double overtime_mean; /* servers busy after their shift */
    double down_mean;     /* servers broken down */
    double level_mean;    /* jobs here (L) */
    double level_variance;
    uint32_t level_max;
    double empty_share;      /* of time without a job here (p0) */
    double level_over_share; /* of time with more than level_over */
    double wait_mean_us;     /* from joining to the first start, over those that started */
    double wait_variance_us2;
    double wait_half_width_us;   /* of the mean, 95 %, by batch means of one run */
    double wait_autocorrelation; /* lag 1, of those batch means */
    double queue_time_mean_us;   /* time in the queue, over those that started or reneged (Wq) */
    double wait_over_share;      /* of those that started or reneged */
    double time_mean_us;         /* from joining to done (W) */
    double time_variance_us2;
    double time_over_share;
    uint64_t waves; /* openings of the gate, or batches started */
    double wave_size_mean, wave_size_variance, wave_empty_share;
    double period_done_mean, period_done_variance; /* departures in a period */
} omo_station_report;

typedef struct omo_class_report { /* jobs of one source: at one station, or in the whole system */
    uint64_t arrived, refused, balked, reneged, started, done;
    uint64_t inside; /* now */
    double queue_time_mean_us;
    double time_mean_us; /* from joining (from arrival, for the system) to done (to the end) */
    double time_variance_us2;
} omo_class_report;

OMO_API omo_status omo_kernel_station(const omo_kernel *k, omo_station station,
                                      omo_station_report *ret_report);
OMO_API omo_status omo_kernel_station_class(const omo_kernel *k, omo_station station,
                                            omo_source source, omo_class_report *ret_report);
/* In the whole system; `done` are those that ended, refused and reneged ones among them. */
OMO_API omo_status omo_kernel_source(const omo_kernel *k, omo_source source,
                                     omo_class_report *ret_report);

#ifdef __cplusplus
}
#endif
#endif
