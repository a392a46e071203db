/* Experiments: design points x replications over threads, summaries, paired differences under
 * common random numbers.
 *
 * An experiment is a list of (point, replication) tasks. Results do not depend on the number of
 * threads or on the order in which tasks end. One thread owns the experiment; omo_experiment_run
 * starts and joins its own threads.
 */
#ifndef OMOSIM_EXPERIMENT_H
#define OMOSIM_EXPERIMENT_H

#include <omosim/histogram.h>
#include <omosim/model.h>
#include <omosim/world.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_experiment omo_experiment;

typedef struct omo_progress {
    uint32_t tasks_done, task_count;
    double share;         /* of all simulated time, 0..1 */
    uint64_t event_count; /* handled so far, all tasks */
    int64_t now_us;       /* simulated time of the task that reports */
} omo_progress;

typedef struct omo_experiment_options {
    size_t size;
    uint64_t seed;
    uint32_t replications; /* at least 1 */
    uint32_t threads;      /* 0 = one per processor */
    bool keep_detail;      /* keep the report's detail of replication 0 of each point */
    /* Called now and then from any of the threads (never two at once); return false to stop. May
     * be NULL. */
    bool (*on_progress)(void *user, const omo_progress *progress);
    /* Called when every replication of a point has ended, in the order of the points, never two
     * at once. May be NULL. */
    void (*on_point)(void *user, const omo_experiment *experiment, uint32_t point);
    void *user;
    /* Checkpoints: each task stops at checkpoint_us, hands its world out and runs on. The calls come
     * from any of the threads, never two at once, in the order of the tasks (point by point,
     * replication by replication), so that a file of them has the same bytes for any number of
     * threads; a task that is early waits. Return false to stop. NULL: none. */
    int64_t checkpoint_us;
    bool (*on_checkpoint)(void *user, uint32_t point, uint32_t replication, const omo_world *world);
    /* Branches: returns the world that a task runs on (the experiment frees it), of the point's
     * model, the experiment's seed and that replication; or NULL with the error set, which ends the
     * experiment. From any of the threads, several at once. NULL: tasks begin at time 0. */
    omo_world *(*on_start)(void *user, uint32_t point, uint32_t replication, omo_error *ret_error);
} omo_experiment_options;

/* A point estimate over replications. half_width is that of the 95 % Student-t interval; NaN
 * with fewer than 2 values. */
typedef struct omo_summary {
    double mean;
    double half_width;
    double standard_error;
    uint32_t count; /* replications with a value (not NaN) */
} omo_summary;

OMO_API omo_experiment_options omo_experiment_defaults(void);
/* Returns an experiment without points, or NULL. Caller frees. */
OMO_API omo_experiment *omo_experiment_new(const omo_experiment_options *options,
                                           omo_error *ret_error);
OMO_API void omo_experiment_free(omo_experiment *experiment);
/* Adds a design point; borrows the sealed model until the experiment is freed. All models have
 * the same channels. */
OMO_API omo_status omo_experiment_add_point(omo_experiment *experiment, const char *name,
                                            const omo_model *model, omo_error *ret_error);
/* Runs all tasks. OMO_ECANCELLED keeps what was finished: points whose replications are all done
 * stay readable. */
OMO_API omo_status omo_experiment_run(omo_experiment *experiment, omo_error *ret_error);

OMO_API uint32_t omo_experiment_point_count(const omo_experiment *experiment);
OMO_API uint32_t omo_experiment_replications(const omo_experiment *experiment);
OMO_API uint64_t omo_experiment_seed(const omo_experiment *experiment);
OMO_API const char *omo_experiment_point_name(const omo_experiment *experiment, uint32_t point);
OMO_API const omo_model *omo_experiment_point_model(const omo_experiment *experiment,
                                                    uint32_t point);
OMO_API bool omo_experiment_point_done(const omo_experiment *experiment, uint32_t point);
/* Digest of a point: of its replications' digests in order. Digest, events, facts and
 * wall-clock-free counts of one replication. */
OMO_API uint64_t omo_experiment_point_digest(const omo_experiment *experiment, uint32_t point);
OMO_API uint64_t omo_experiment_digest(const omo_experiment *experiment, uint32_t point,
                                       uint32_t replication);
OMO_API uint64_t omo_experiment_event_count(const omo_experiment *experiment, uint32_t point,
                                            uint32_t replication);
OMO_API uint64_t omo_experiment_fact_count(const omo_experiment *experiment, uint32_t point,
                                           uint32_t replication);
/* KPI column i of the point's model (omo_model_kpi_name) in one replication; NaN = no cases. */
OMO_API double omo_experiment_value(const omo_experiment *experiment, uint32_t point,
                                    uint32_t replication, uint32_t column);
OMO_API omo_summary omo_experiment_summary(const omo_experiment *experiment, uint32_t point,
                                           uint32_t column);
/* Difference point - base, replication by replication (paired: both met the same customers). */
OMO_API omo_summary omo_experiment_paired(const omo_experiment *experiment, uint32_t point,
                                          uint32_t base, uint32_t column);
/* Mean, standard error and half-width of any values; NaNs are left out. */
OMO_API omo_summary omo_summarise(const double *values, uint32_t count, double confidence);

/* ---- detail of replication 0, where keep_detail was set; else counts are 0 and histograms NULL  */

typedef struct omo_day_row { /* one simulated day, all channels but where named */
    int64_t day;
    int64_t stock_units; /* physical stock at the end of the day */
    int64_t in_transit_units;
    int64_t backorder_units;
    int64_t lost_units;
    int64_t oversold_units;
    int64_t wasted_units;
    int64_t orders[OMO_CHANNELS_MAX];      /* placed, per channel */
    int64_t sales_cents[OMO_CHANNELS_MAX]; /* paid less refunded, per channel */
} omo_day_row;

typedef struct omo_place_row {        /* one place over the measured time */
    int64_t orders[OMO_CHANNELS_MAX]; /* parts of orders that it fulfilled, per channel */
    int64_t units[OMO_CHANNELS_MAX];
    int64_t sales_cents[OMO_CHANNELS_MAX]; /* paid for what it reserved, per channel */
    int64_t lost_units;
    int64_t oversold_units;
} omo_place_row;

typedef struct omo_flow_row { /* parcels and courier trips from a place to a zone */
    uint32_t place, zone;
    uint64_t trips;
} omo_flow_row;

OMO_API uint32_t omo_experiment_day_count(const omo_experiment *experiment, uint32_t point);
OMO_API const omo_day_row *omo_experiment_days(const omo_experiment *experiment, uint32_t point);
/* one per place, or NULL */
OMO_API const omo_place_row *omo_experiment_places(const omo_experiment *experiment,
                                                   uint32_t point);
/* The busiest flows, most trips first, ties by place then zone. */
OMO_API uint32_t omo_experiment_flow_count(const omo_experiment *experiment, uint32_t point);
OMO_API const omo_flow_row *omo_experiment_flows(const omo_experiment *experiment, uint32_t point);
/* Time from order to hand-over in milliseconds, per channel; NULL where there is none. */
OMO_API const omo_histogram *omo_experiment_lead_times(const omo_experiment *experiment,
                                                       uint32_t point, uint32_t channel);

#ifdef __cplusplus
}
#endif
#endif
