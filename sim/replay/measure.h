/* What a run measures: written by one worker each, read while it runs by the main thread, merged
 * when all have ended.
 *
 * Every request enters by one call, measure_record(), whatever became of it. Three histograms for
 * each row (a step kind, or the total): response (intended -> last byte), service (sent -> last
 * byte), lateness (intended -> sent), in nanoseconds, log-linear, 3 significant digits, merged
 * exactly. What was never sent has no service time; it enters response and lateness at its age.
 *
 * Beside them stand intervals: requests by the second of their *intended* time, which is when the
 * customer wanted it, with coarse histograms of each row and clock (128 cells a doubling: quantiles
 * are at most 0.8 % above). Each worker has a ring of them. Cells are single-writer counters,
 * written and read relaxed: the main thread may read any of them at any time, and takes an interval
 * out of the ring when nothing can be added to it any more (its end and the time-out have passed).
 * What comes after that counts into the oldest open interval, what would overrun the ring into the
 * interval that is in its way, and both are said in `late_records`. Nothing is locked, nothing
 * allocated by a worker while running.
 */
#ifndef REPLAY_MEASURE_H
#define REPLAY_MEASURE_H

#include "replay/coarse.h"
#include "replay/outcome.h"
#include "traffic/steps.h"

#include <glib.h>
#include <omosim/histogram.h>

#define MEASURE_ROWS (STEP_COUNT + 1)
#define MEASURE_TOTAL STEP_COUNT                       /* the row of all kinds together */
#define MEASURE_VALUE_MAX (INT64_C(3600) * 1000000000) /* an hour; more is clipped and said */
#define MEASURE_RING 128                               /* intervals that a worker keeps open */
#define MEASURE_STATUS_MAX 600                         /* HTTP statuses are counted below that */

enum measure_clock { MEASURE_RESPONSE, MEASURE_SERVICE, MEASURE_LATENESS, MEASURE_CLOCKS };
const char *measure_clock_name(enum measure_clock clock); /* "response", ... */

/* ---- one worker ------------------------------------------------------------------------------ */

struct measure;

struct measure_options {
    const bool *step_used; /* [STEP_COUNT]: the others are given no memory, and not recorded */
    int64_t interval_ns;   /* 1 s unless asked otherwise */
    int64_t warm_up_ns;    /* requests intended earlier are in the intervals, but in no row: they
                              are counted by measure_all_warm_up_requests() alone */
};

struct measure_sample {
    uint32_t step;
    enum outcome outcome;
    int64_t intended_ns; /* since the run began, all three */
    int64_t sent_ns;     /* -1 = never sent */
    int64_t done_ns;     /* last byte, or when it was given up */
    uint32_t status;     /* 0 = none */
};

struct measure *measure_new(const struct measure_options *options); /* NULL: memory is short */
void measure_free(struct measure *measure);
void measure_record(struct measure *measure, const struct measure_sample *sample);

enum measure_journey { /* how journeys end */
                       MEASURE_STARTED,
                       MEASURE_COMPLETED,
                       MEASURE_REFUSED, /* ended by a listed refusal */
                       MEASURE_FAILED,  /* ended by a failure */
                       MEASURE_CUT_OFF, /* still going when the run ended */
                       MEASURE_JOURNEYS
};
void measure_journey(struct measure *measure, enum measure_journey what);
/* Other counts that the worker keeps, single-writer, readable while running. */
enum measure_count {
    MEASURE_RETRIES,
    MEASURE_REDIRECTS,     /* followed */
    MEASURE_LOG_INS,       /* sessions opened */
    MEASURE_LOG_INS_SAVED, /* log-in steps that an open session made needless */
    MEASURE_SESSIONS_LOST, /* pushed out of the table before they ended */
    MEASURE_SKIPPED_STEPS, /* the API map has no request for them */
    MEASURE_RESENT,
    MEASURE_BYTES_OUT,
    MEASURE_BYTES_IN,
    MEASURE_GZIP,
    MEASURE_CONNECTS,
    MEASURE_CONNECTIONS,   /* open now */
    MEASURE_WAITING,       /* for a connection, now */
    MEASURE_SHED_JOURNEYS, /* not started: no room for them in memory */
    MEASURE_COUNTS
};
const char *measure_count_name(enum measure_count count);
void measure_add(struct measure *measure, enum measure_count what, uint64_t count);
void measure_set(struct measure *measure, enum measure_count what, uint64_t value);

/* ---- all workers ----------------------------------------------------------------------------- */

struct measure_row {
    uint64_t count; /* requests, warm-up left out */
    uint64_t outcome[OUTCOME_COUNT];
    omo_histogram *clock[MEASURE_CLOCKS]; /* NULL when the row is not in use */
};

/* A closed interval, all workers together. */
struct measure_interval {
    int64_t begin_ns, end_ns; /* of intended time */
    uint64_t count[MEASURE_ROWS];
    uint64_t errors[MEASURE_ROWS];
    uint64_t outcome[OUTCOME_COUNT];                           /* total */
    int64_t p50_ns, p90_ns, p99_ns, p999_ns, max_ns;           /* responses, total */
    int64_t lateness_p50_ns, lateness_p99_ns, lateness_max_ns; /* likewise coarse */
    uint32_t *heat; /* [MEASURE_HEAT_CELLS] responses by MEASURE_HEAT cells; owned */
    bool warm_up;   /* it begins before the warm-up's end */
};
#define MEASURE_HEAT_CELLS 192 /* 8 a doubling from 1.024 us (2^10 ns) on: up to 17 s */
/* Lowest response of a heat cell in ns. */
int64_t measure_heat_low_ns(uint32_t cell);

struct measure_all; /* the run's */

/* Borrows the workers' measures. `timeout_ns` is how long after its intended time a request may
 * still be recorded. */
struct measure_all *measure_all_new(struct measure *const *workers, uint32_t worker_count,
                                    int64_t timeout_ns);
void measure_all_free(struct measure_all *all);
/* From the main thread, several times a second: takes closed intervals out of the rings. `now_ns`
 * since the run began; INT64_MAX once the workers have ended. */
void measure_all_collect(struct measure_all *all, int64_t now_ns);
/* After the workers have ended: merges the histograms. Call once, after a last collect. */
void measure_all_merge(struct measure_all *all);

/* Closed intervals so far, oldest first. Once there are MEASURE_INTERVALS_MAX of them they are
 * merged pairwise, and those to come are twice as long: memory is flat, and all but the last are of
 * one length. An interval takes about 10 KB with eight kinds of steps. */
#define MEASURE_INTERVALS_MAX 3600
uint32_t measure_all_interval_count(const struct measure_all *all);
const struct measure_interval *measure_all_interval(const struct measure_all *all, uint32_t i);

/* Requests of a row in some intervals, one of their clocks. */
struct measure_window {
    uint64_t count, errors;
    uint64_t outcome[OUTCOME_COUNT];
    struct coarse_sum clock;
};
/* Closed intervals [first, first + count) of the series, added to what the window holds already.
 * Warm-up intervals are nothing. */
void measure_all_window_add(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                            uint32_t first, uint32_t count, struct measure_window *window);
/* From exactly [first, first + count) to [first + 1, first + 1 + count). */
void measure_all_window_slide(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                              uint32_t first, uint32_t count, struct measure_window *window);
/* While it runs: the last MEASURE_RING intervals, closed or open, as far as they lie in [from, to)
 * at least in part, warm-up included; and all of the run so far, warm-up left out. Overwrite
 * *ret_window. */
void measure_all_recent(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                        int64_t from_ns, int64_t to_ns, struct measure_window *ret_window);
void measure_all_so_far(const struct measure_all *all, uint32_t row, enum measure_clock clock,
                        struct measure_window *ret_window);
/* Quantile of the responses of measure_all_recent(). 0 = no cases. */
int64_t measure_all_recent_quantile(const struct measure_all *all, uint32_t row, int64_t from_ns,
                                    int64_t to_ns, uint32_t share_ppm, uint64_t *ret_count,
                                    uint64_t *ret_errors);
/* Sums over workers, at any time. */
uint64_t measure_all_outcome(const struct measure_all *all, uint32_t row, enum outcome outcome);
uint64_t measure_all_requests(const struct measure_all *all, uint32_t row);
uint64_t measure_all_journeys(const struct measure_all *all, enum measure_journey what);
uint64_t measure_all_count(const struct measure_all *all, enum measure_count what);
/* After the merge: a row's histograms and counts. Borrowed. */
const struct measure_row *measure_all_row(const struct measure_all *all, uint32_t row);
uint64_t measure_all_status(const struct measure_all *all, uint32_t status);
int64_t measure_all_interval_ns(const struct measure_all *all);
int64_t measure_all_warm_up_ns(const struct measure_all *all);
/* Requests that stand in another interval than their own, and those of them that stand in none
 * because the main thread was held up for longer than a whole ring. */
uint64_t measure_all_late_records(const struct measure_all *all);
uint64_t measure_all_lost_records(const struct measure_all *all);
uint64_t measure_all_warm_up_requests(const struct measure_all *all);

#endif
