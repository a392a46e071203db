/* Design points x replications: a list of tasks, some threads, results in the order of the list.
 *
 * A task is one world, run from beginning to end by one thread; nothing is shared but the sealed
 * models, the list and a lock for its bookkeeping. Results are stored by (point, replication)
 * and read in that order, so they do not depend on who ran what when. Tasks are taken point by
 * point, so that a point is complete, and can be saved, as early as possible. */
#define OMO_CORE_MAY_ALLOCATE
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "flow/world.h"

#include <omosim/experiment.h>

#define EXPERIMENT_SLICES 100 /* progress reports of a task */
#define EXPERIMENT_THREADS_MAX 256

struct outcome {
    bool done;
    uint64_t digest, event_count, fact_count;
    double *value; /* [KPI column] */
};

struct point {
    char *name;
    const omo_model *model;
    struct outcome *outcome; /* [replication] */
    /* Detail of replication 0. */
    omo_day_row *day;
    uint32_t day_count;
    omo_place_row *place;
    omo_flow_row *flow;
    uint32_t flow_count;
    omo_histogram *lead[OMO_CHANNELS_MAX];
    double *scratch; /* [replication] */
};

struct omo_experiment {
    omo_experiment_options options;
    struct point *point;
    uint32_t point_count;
    pthread_mutex_t lock;
    pthread_cond_t turn; /* next_checkpoint or stop has changed */
    /* under the lock */
    uint32_t next_task, tasks_done, next_point;
    uint32_t next_checkpoint; /* task whose turn it is to hand out its world */
    uint64_t event_count;
    double time_done; /* simulated time of all tasks so far, in horizons */
    bool stop;
    omo_status status;
    omo_error error;
};

omo_experiment_options omo_experiment_defaults(void)
{
    return (omo_experiment_options){.size = sizeof(omo_experiment_options),
                                    .seed = 1,
                                    .replications = 5};
}

omo_experiment *omo_experiment_new(const omo_experiment_options *options, omo_error *ret_error)
{
    if (options == NULL || options->size != sizeof(*options) || options->replications == 0) {
        core_error(ret_error, OMO_EINVAL, "an experiment needs at least one replication");
        return NULL;
    }
    struct omo_experiment *e = calloc(1, sizeof(*e));
    if (e == NULL) {
        core_error(ret_error, OMO_ENOMEM, "no memory for an experiment");
        return NULL;
    }
    e->options = *options;
    if (e->options.threads == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        e->options.threads = processors > 0 ? (uint32_t)processors : 1;
    }
    e->options.threads = core_min_u32(e->options.threads, EXPERIMENT_THREADS_MAX);
    pthread_mutex_init(&e->lock, NULL);
    pthread_cond_init(&e->turn, NULL);
    return e;
}

void omo_experiment_free(omo_experiment *experiment)
{
    if (experiment == NULL)
        return;
    for (uint32_t i = 0; i < experiment->point_count; i++) {
        struct point *p = &experiment->point[i];
        for (uint32_t r = 0; p->outcome != NULL && r < experiment->options.replications; r++)
            free(p->outcome[r].value);
        for (uint32_t c = 0; c < OMO_CHANNELS_MAX; c++)
            omo_histogram_free(p->lead[c]);
        free(p->outcome);
        free(p->name);
        free(p->day);
        free(p->place);
        free(p->flow);
        free(p->scratch);
    }
    free(experiment->point);
    pthread_cond_destroy(&experiment->turn);
    pthread_mutex_destroy(&experiment->lock);
    free(experiment);
}

omo_status omo_experiment_add_point(omo_experiment *experiment, const char *name,
                                    const omo_model *model, omo_error *ret_error)
{
    struct omo_experiment *e = experiment;

    if (e == NULL || name == NULL || model == NULL || !model->sealed)
        return core_error(ret_error, OMO_EINVAL, "a point needs a name and a sealed model");
    uint32_t replications = e->options.replications;
    if (e->point_count != 0 && model->kpi_column_count != e->point[0].model->kpi_column_count)
        return core_error(ret_error, OMO_EINVAL,
                          "point %s: all points need the same channels, stations and sources",
                          name);
    struct point *grown = realloc(e->point, (e->point_count + 1) * sizeof(*grown));
    if (grown == NULL)
        return core_error(ret_error, OMO_ENOMEM, "no memory for an experiment");
    e->point = grown;
    struct point *p = &e->point[e->point_count];
    *p = (struct point){.model = model};
    p->name = strdup(name);
    p->outcome = calloc(replications, sizeof(p->outcome[0]));
    p->scratch = calloc(replications, sizeof(p->scratch[0]));
    bool ok = p->name != NULL && p->outcome != NULL && p->scratch != NULL;
    for (uint32_t r = 0; ok && r < replications; r++) {
        p->outcome[r].value = calloc(model->kpi_column_count, sizeof(double));
        ok = p->outcome[r].value != NULL;
    }
    e->point_count++;
    return ok ? OMO_OK : core_error(ret_error, OMO_ENOMEM, "no memory for an experiment");
}

/* ---- detail ---------------------------------------------------------------------------------- */

static int experiment_flow_compare(const void *a, const void *b)
{
    const omo_flow_row *x = a, *y = b;

    if (x->trips != y->trips)
        return x->trips > y->trips ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->zone < y->zone ? -1 : x->zone > y->zone;
}

static void experiment_keep_flows(struct point *p, const struct detail *d)
{
    size_t cells = (size_t)d->place_count * d->zone_count, used = 0;

    for (size_t i = 0; d->flow != NULL && i < cells; i++)
        used += d->flow[i] != 0;
    p->flow = malloc((used + 1) * sizeof(p->flow[0]));
    if (p->flow == NULL)
        return;
    for (size_t i = 0; d->flow != NULL && i < cells; i++)
        if (d->flow[i] != 0)
            p->flow[p->flow_count++] = (omo_flow_row){.place = (uint32_t)(i / d->zone_count),
                                                      .zone = (uint32_t)(i % d->zone_count),
                                                      .trips = d->flow[i]};
    qsort(p->flow, p->flow_count, sizeof(p->flow[0]), experiment_flow_compare);
}

static void experiment_keep_detail(struct point *p, struct omo_world *w)
{
    struct detail *d = &w->detail;

    p->day = malloc((d->day_count + 1) * sizeof(p->day[0]));
    if (p->day != NULL && d->day_count != 0)
        memcpy(p->day, d->day, d->day_count * sizeof(p->day[0]));
    p->day_count = p->day != NULL ? d->day_count : 0;
    p->place = malloc((d->place_count + 1) * sizeof(p->place[0]));
    if (p->place != NULL && d->place_count != 0)
        memcpy(p->place, d->place, d->place_count * sizeof(p->place[0]));
    experiment_keep_flows(p, d);
    for (uint32_t c = 0; c < OMO_CHANNELS_MAX; c++) {
        p->lead[c] = d->lead[c];
        d->lead[c] = NULL;
    }
}

/* ---- tasks ----------------------------------------------------------------------------------- */

/* The first failure counts, and wakes those who wait for their turn. Under the lock. */
static void experiment_stop(struct omo_experiment *e, omo_status status, const char *text)
{
    e->stop = true;
    if (e->status == OMO_OK)
        e->status = core_error(&e->error, status, "%s", text);
    pthread_cond_broadcast(&e->turn);
}

/* Reports progress; false when the caller wants to stop. */
static bool experiment_progress(struct omo_experiment *e, const struct omo_world *w, double span,
                                uint64_t events)
{
    uint32_t tasks = e->point_count * e->options.replications;
    bool go_on = true;

    pthread_mutex_lock(&e->lock);
    e->time_done += span;
    e->event_count += events;
    if (e->options.on_progress != NULL && !e->stop) {
        omo_progress p = {
            .tasks_done = e->tasks_done,
            .task_count = tasks,
            .share = e->time_done / tasks,
            .event_count = e->event_count,
            .now_us = w->now_us,
        };
        if (!e->options.on_progress(e->options.user, &p))
            experiment_stop(e, OMO_ECANCELLED, "stopped");
    }
    go_on = !e->stop;
    pthread_mutex_unlock(&e->lock);
    return go_on;
}

/* Runs until then, or to the end of the horizon, in slices that report. */
static omo_status experiment_run_until(struct omo_experiment *e, struct omo_world *w,
                                       int64_t until_us, omo_error *ret_error)
{
    int64_t horizon_us = w->model->run.horizon_us;
    int64_t slice_us = core_max_i64(OMO_US_PER_DAY, horizon_us / EXPERIMENT_SLICES);

    while (!w->finished && w->now_us < until_us) {
        int64_t from_us = w->now_us;
        uint64_t events = w->event_count;
        int64_t slices = core_min_i64(from_us / slice_us + 1, INT64_MAX / slice_us);
        omo_status status = omo_world_run(w, core_min_i64(slices * slice_us, until_us), ret_error);
        if (status != OMO_OK)
            return status;
        if (!experiment_progress(e, w, (double)(w->now_us - from_us) / (double)horizon_us,
                                 w->event_count - events))
            return OMO_ECANCELLED;
    }
    return OMO_OK;
}

/* Hands out the world when it is its turn. The task before it is under way or done, never waiting
 * for this one, so the turn comes unless the experiment stops. */
static omo_status experiment_checkpoint(struct omo_experiment *e, uint32_t task,
                                        const struct omo_world *w)
{
    uint32_t replications = e->options.replications;

    pthread_mutex_lock(&e->lock);
    while (e->next_checkpoint != task && !e->stop)
        pthread_cond_wait(&e->turn, &e->lock);
    bool stop = e->stop;
    pthread_mutex_unlock(&e->lock);
    if (stop)
        return OMO_ECANCELLED;
    bool go_on =
        e->options.on_checkpoint(e->options.user, task / replications, task % replications, w);
    pthread_mutex_lock(&e->lock);
    e->next_checkpoint++;
    if (go_on)
        pthread_cond_broadcast(&e->turn);
    else
        experiment_stop(e, OMO_ECANCELLED, "stopped at a checkpoint");
    pthread_mutex_unlock(&e->lock);
    return go_on ? OMO_OK : OMO_ECANCELLED;
}

static omo_status experiment_run_world(struct omo_experiment *e, uint32_t task, struct omo_world *w,
                                       omo_error *ret_error)
{
    int64_t at_us = e->options.checkpoint_us;

    /* What a checkpoint has behind it counts as done. */
    if (w->now_us > 0 &&
        !experiment_progress(e, w, (double)w->now_us / (double)w->model->run.horizon_us, 0))
        return OMO_ECANCELLED;
    if (e->options.on_checkpoint != NULL) {
        if (at_us < w->now_us || at_us >= w->model->run.horizon_us)
            return core_error(ret_error, OMO_EINVAL,
                              "a checkpoint at day %g: the run goes from day %g to day %g",
                              (double)at_us / (double)OMO_US_PER_DAY,
                              (double)w->now_us / (double)OMO_US_PER_DAY,
                              (double)w->model->run.horizon_us / (double)OMO_US_PER_DAY);
        omo_status status = experiment_run_until(e, w, at_us, ret_error);
        if (status == OMO_OK)
            status = experiment_checkpoint(e, task, w);
        if (status != OMO_OK)
            return status;
    }
    return experiment_run_until(e, w, INT64_MAX, ret_error);
}

/* A new world, or the caller's. */
static struct omo_world *experiment_world(struct omo_experiment *e, uint32_t point,
                                          uint32_t replication, bool detail, omo_error *ret_error)
{
    const omo_model *model = e->point[point].model;
    struct omo_world *w;

    if (e->options.on_start == NULL) {
        w = omo_world_new(model, e->options.seed, replication, ret_error);
        if (w == NULL || !detail || omo_world_keep_detail(w, ret_error) == OMO_OK)
            return w;
        omo_world_free(w);
        return NULL;
    }
    w = e->options.on_start(e->options.user, point, replication, ret_error);
    if (w == NULL) {
        if (ret_error->status == OMO_OK)
            core_error(ret_error, OMO_EINVAL, "a task was started without a world");
        return NULL;
    }
    if (w->model != model || w->seed != e->options.seed || w->replication != replication)
        core_error(ret_error, OMO_EINVAL, "a task was started with a world of another one");
    else if (detail && !w->detail_kept)
        core_error(ret_error, OMO_EINVAL, "the world was saved without the report's detail");
    else
        return w;
    omo_world_free(w);
    return NULL;
}

static omo_status experiment_task(struct omo_experiment *e, uint32_t point, uint32_t replication,
                                  omo_error *ret_error)
{
    struct point *p = &e->point[point];
    struct outcome *o = &p->outcome[replication];
    bool detail = e->options.keep_detail && replication == 0;
    struct omo_world *w = experiment_world(e, point, replication, detail, ret_error);

    if (w == NULL)
        return ret_error->status;
    omo_status status =
        experiment_run_world(e, point * e->options.replications + replication, w, ret_error);
    if (status == OMO_OK) {
        o->digest = omo_world_digest(w);
        o->event_count = w->event_count;
        o->fact_count = w->feed.fact_count;
        for (uint32_t i = 0; i < p->model->kpi_column_count; i++)
            o->value[i] = omo_world_kpi(w, i);
        if (detail)
            experiment_keep_detail(p, w);
    }
    omo_world_free(w);
    return status;
}

/* A task has ended: note it, and hand on every point that is now complete, in order. Under the
 * lock. */
static void experiment_note(struct omo_experiment *e, uint32_t point, uint32_t replication)
{
    e->point[point].outcome[replication].done = true;
    e->tasks_done++;
    while (e->next_point < e->point_count && omo_experiment_point_done(e, e->next_point)) {
        if (e->options.on_point != NULL)
            e->options.on_point(e->options.user, e, e->next_point);
        e->next_point++;
    }
}

static void *experiment_thread(void *user)
{
    struct omo_experiment *e = user;
    uint32_t tasks = e->point_count * e->options.replications;

    for (;;) {
        pthread_mutex_lock(&e->lock);
        uint32_t task = e->stop || e->next_task == tasks ? OMO_NONE : e->next_task++;
        pthread_mutex_unlock(&e->lock);
        if (task == OMO_NONE)
            return NULL;
        uint32_t point = task / e->options.replications,
                 replication = task % e->options.replications;
        omo_error error = {.status = OMO_OK};
        omo_status status = experiment_task(e, point, replication, &error);
        pthread_mutex_lock(&e->lock);
        if (status == OMO_OK)
            experiment_note(e, point, replication);
        else
            experiment_stop(e, status, error.text);
        pthread_mutex_unlock(&e->lock);
    }
}

omo_status omo_experiment_run(omo_experiment *experiment, omo_error *ret_error)
{
    struct omo_experiment *e = experiment;
    pthread_t thread[EXPERIMENT_THREADS_MAX];

    if (e == NULL || e->point_count == 0)
        return core_error(ret_error, OMO_EINVAL, "an experiment needs at least one point");
    uint32_t tasks = e->point_count * e->options.replications, started = 0;
    /* This thread works too, so a machine that refuses more threads still gets the work done. */
    for (uint32_t i = 1; i < core_min_u32(e->options.threads, tasks); i++) {
        if (pthread_create(&thread[started], NULL, experiment_thread, e) != 0)
            break;
        started++;
    }
    experiment_thread(e);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    if (e->status != OMO_OK && ret_error != NULL)
        *ret_error = e->error;
    return e->status;
}

/* ---- results --------------------------------------------------------------------------------- */

uint32_t omo_experiment_point_count(const omo_experiment *experiment)
{
    return experiment->point_count;
}
uint32_t omo_experiment_replications(const omo_experiment *experiment)
{
    return experiment->options.replications;
}
uint64_t omo_experiment_seed(const omo_experiment *experiment) { return experiment->options.seed; }

const char *omo_experiment_point_name(const omo_experiment *experiment, uint32_t point)
{
    return experiment->point[point].name;
}

const omo_model *omo_experiment_point_model(const omo_experiment *experiment, uint32_t point)
{
    return experiment->point[point].model;
}

bool omo_experiment_point_done(const omo_experiment *experiment, uint32_t point)
{
    for (uint32_t i = 0; i < experiment->options.replications; i++)
        if (!experiment->point[point].outcome[i].done)
            return false;
    return true;
}

uint64_t omo_experiment_point_digest(const omo_experiment *experiment, uint32_t point)
{
    struct digest d;

    digest_init(&d);
    for (uint32_t i = 0; i < experiment->options.replications; i++) {
        uint64_t word[4] = {experiment->point[point].outcome[i].digest, i, 0, 0};
        digest_add(&d, word);
    }
    return digest_value(&d);
}

uint64_t omo_experiment_digest(const omo_experiment *experiment, uint32_t point,
                               uint32_t replication)
{
    return experiment->point[point].outcome[replication].digest;
}

uint64_t omo_experiment_event_count(const omo_experiment *experiment, uint32_t point,
                                    uint32_t replication)
{
    return experiment->point[point].outcome[replication].event_count;
}

uint64_t omo_experiment_fact_count(const omo_experiment *experiment, uint32_t point,
                                   uint32_t replication)
{
    return experiment->point[point].outcome[replication].fact_count;
}

double omo_experiment_value(const omo_experiment *experiment, uint32_t point, uint32_t replication,
                            uint32_t column)
{
    return experiment->point[point].outcome[replication].value[column];
}

omo_summary omo_experiment_summary(const omo_experiment *experiment, uint32_t point,
                                   uint32_t column)
{
    const struct point *p = &experiment->point[point];

    for (uint32_t i = 0; i < experiment->options.replications; i++)
        p->scratch[i] = p->outcome[i].value[column];
    return omo_summarise(p->scratch, experiment->options.replications, 0.95);
}

omo_summary omo_experiment_paired(const omo_experiment *experiment, uint32_t point, uint32_t base,
                                  uint32_t column)
{
    const struct point *p = &experiment->point[point], *b = &experiment->point[base];

    for (uint32_t i = 0; i < experiment->options.replications; i++)
        p->scratch[i] = p->outcome[i].value[column] - b->outcome[i].value[column];
    return omo_summarise(p->scratch, experiment->options.replications, 0.95);
}

uint32_t omo_experiment_day_count(const omo_experiment *experiment, uint32_t point)
{
    return experiment->point[point].day_count;
}
const omo_day_row *omo_experiment_days(const omo_experiment *experiment, uint32_t point)
{
    return experiment->point[point].day;
}
const omo_place_row *omo_experiment_places(const omo_experiment *experiment, uint32_t point)
{
    return experiment->point[point].place;
}
uint32_t omo_experiment_flow_count(const omo_experiment *experiment, uint32_t point)
{
    return experiment->point[point].flow_count;
}
const omo_flow_row *omo_experiment_flows(const omo_experiment *experiment, uint32_t point)
{
    return experiment->point[point].flow;
}

const omo_histogram *omo_experiment_lead_times(const omo_experiment *experiment, uint32_t point,
                                               uint32_t channel)
{
    return channel < OMO_CHANNELS_MAX ? experiment->point[point].lead[channel] : NULL;
}
