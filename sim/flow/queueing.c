/* A queueing network as a world.
 *
 * The kernel does the work; a world adds what every replication has, whatever its model: a seed
 * mixed with the replication, measures that begin anew at the end of the warm-up, a horizon, a
 * digest. The kernel handles what lies at `until` too, so the warm-up ends after the events of its
 * last instant, and a run that is cut into pieces handles the same events in the same order.
 *
 * Reports are made when a KPI is asked for and not kept: a few dozen columns, once a replication.
 */
#include "flow/world.h"
#include "kernel/engine.h"
#include "measure/kpi.h"

/* The kernel's own text; a refusal without one should not happen, and is named if it does. */
static omo_status queueing_refused(const omo_kernel *k, omo_status status, omo_error *ret_error)
{
    omo_status told = omo_kernel_status(k, ret_error);

    return told != OMO_OK
               ? told
               : core_error(ret_error, status, "the kernel refused the network (%d)", (int)status);
}

omo_status queueing_fill(const struct queueing *q, omo_kernel *k, omo_error *ret_error)
{
    for (uint32_t i = 0; i < q->station_count; i++)
        omo_kernel_add_station(k, &q->station[i]);
    for (uint32_t i = 0; i < q->route_count; i++) {
        const struct queueing_route *r = &q->route[i];
        omo_status status = omo_kernel_route(k, r->from, r->outcome, r->to, r->share_ppm);
        if (status != OMO_OK)
            return queueing_refused(k, status, ret_error);
    }
    for (uint32_t i = 0; i < q->source_count; i++)
        omo_kernel_add_source(k, &q->source[i]);
    return omo_kernel_status(k, ret_error);
}

bool queueing_begin(struct omo_world *w)
{
    omo_kernel_options options = omo_kernel_defaults();

    options.seed = w->seed;
    options.replication = w->replication;
    w->kernel = omo_kernel_new(&options, w->error);
    if (w->kernel == NULL)
        return false;
    w->status = queueing_fill(&w->model->queueing, w->kernel, w->error);
    if (w->status != OMO_OK)
        return false;
    engine_seal(w->kernel); /* so that a world can be saved before it has run */
    w->status = omo_kernel_status(w->kernel, w->error);
    return w->status == OMO_OK;
}

static omo_status queueing_run_until(struct omo_world *w, int64_t until_us)
{
    omo_status status = omo_kernel_run(w->kernel, until_us, w->error);

    w->event_count = omo_kernel_event_count(w->kernel);
    w->now_us = status == OMO_OK ? until_us : omo_kernel_now_us(w->kernel);
    if (status != OMO_ECANCELLED) /* the reader of events has stopped it; it may go on */
        w->status = status;
    return status;
}

omo_status queueing_run(struct omo_world *w, int64_t until_us)
{
    const omo_run_options *run = &w->model->run;
    int64_t measured_from_us = omo_kernel_measured_from_us(w->kernel);
    omo_status status;

    if (w->status != OMO_OK)
        return omo_kernel_status(w->kernel, w->error);
    /* A run that was stopped within the last instant of the warm-up stands there, too. */
    if (run->warm_up_us > measured_from_us && run->warm_up_us >= w->now_us &&
        run->warm_up_us <= until_us) {
        status = queueing_run_until(w, run->warm_up_us);
        if (status != OMO_OK)
            return status;
        omo_kernel_reset_measures(w->kernel);
    }
    status = queueing_run_until(w, until_us);
    w->finished = status == OMO_OK && until_us == run->horizon_us;
    return status;
}

/* Whether some station ahead keeps jobs waiting for room. */
static bool queueing_held(const struct queueing *q, uint32_t station)
{
    for (uint32_t i = 0; i < q->route_count; i++) {
        const omo_station_options *to = &q->station[q->route[i].to.index];
        if (q->route[i].from.index == station && to->room != OMO_UNLIMITED &&
            to->when_full == OMO_BLOCK)
            return true;
    }
    return false;
}

/* What its jobs can meet: at its station, or at all those of the source. */
static void queueing_can_meet(const struct queueing *q, const struct queueing_subject *about,
                              struct kpi_subject *s)
{
    for (uint32_t i = 0; i < q->subject_count; i++) {
        const struct queueing_subject *other = &q->subject[i];
        bool met = about->station != OMO_NONE
                       ? other == about
                       : other->source == about->source && other->station != OMO_NONE;
        if (!met)
            continue;
        const omo_station_options *o = &q->station[other->station];
        s->limited = s->limited || o->room != OMO_UNLIMITED;
        s->impatient = s->impatient || o->impatient;
        s->held = s->held || queueing_held(q, other->station);
    }
}

double queueing_kpi(const struct omo_world *w, const struct kpi *kpi, uint32_t subject)
{
    const struct queueing *q = &w->model->queueing;
    const struct queueing_subject *about = &q->subject[subject];
    omo_station station = {about->station};
    omo_source source = {about->source};
    omo_station_report report;
    omo_class_report jobs;
    struct kpi_subject s = {
        .span_us = w->now_us - core_min_i64(w->now_us, w->model->run.warm_up_us),
        .time_unit_us = w->model->run.time_unit_us,
    };
    omo_status status;

    if (about->source == OMO_NONE)
        status = omo_kernel_station(w->kernel, station, &report);
    else if (about->station == OMO_NONE)
        status = omo_kernel_source(w->kernel, source, &jobs);
    else
        status = omo_kernel_station_class(w->kernel, station, source, &jobs);
    OMO_ASSERT(status == OMO_OK);
    queueing_can_meet(q, about, &s);
    if (about->station != OMO_NONE)
        s.options = &q->station[about->station];
    if (about->source == OMO_NONE)
        s.station = &report;
    else
        s.jobs = &jobs;
    return kpi->subject(&s);
}
