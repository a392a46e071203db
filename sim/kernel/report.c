/* Measures of stations and sources, and the laws that they must keep.
 *
 * Areas and sums are exact integers, so the laws are equalities. Little's law: the area under
 * the number of those waiting is the sum of their waiting times, counted from the last reset,
 * those still waiting included. Conservation: who came in and has not left is inside, at every
 * station and in the system, and the jobs' own states say the same. The audit recounts all jobs:
 * O(slots that were ever used), once a run. */
#include "base/maths.h"
#include "kernel/engine.h"

#define REPORT_NONE ((double)__builtin_nanf(""))

static double report_ratio(double a, double b) { return b != 0.0 ? a / b : REPORT_NONE; }

static double report_variance(const struct moments *m)
{
    return m->weight > 1 ? moments_spread(m) / (double)(m->weight - 1) : REPORT_NONE;
}

/* ---- reset ----------------------------------------------------------------------------------- */

static void report_reset_sums(struct class_sums *sums)
{
    *sums = (struct class_sums){.inside = sums->inside, .inside_reset = sums->inside};
}

static void report_reset_gauge(struct gauge *g, int64_t now_us)
{
    gauge_touch(g, now_us);
    g->area = 0;
}

static void report_reset_station(struct omo_kernel *k, struct station *s)
{
    int64_t now_us = engine_now_us(k);

    station_touch(s, now_us);
    for (uint32_t i = 0; i < k->source_count; i++)
        report_reset_sums(&s->sums[i]);
    s->waiting_area = s->busy_area = s->level_area = s->level_square_area = 0;
    s->empty_us = s->over_us = 0;
    s->empty_since_us = s->over_since_us = now_us;
    s->level_max = s->inside;
    s->wait_over = s->stay_over = s->preempted = s->waves_empty = 0;
    s->wait = s->wave = s->period = (struct moments){0};
    s->batches_wait = (struct batches){0};
    s->period_done = 0;
    station_open_period(s, now_us);
    report_reset_gauge(&s->blocked_gauge, now_us);
    report_reset_gauge(&s->duty_gauge, now_us);
    report_reset_gauge(&s->overtime_gauge, now_us);
    report_reset_gauge(&s->down_gauge, now_us);
}

void omo_kernel_reset_measures(omo_kernel *k)
{
    if (!k->sealed || k->status != OMO_OK)
        return;
    k->reset_us = engine_now_us(k);
    for (uint32_t i = 0; i < k->station_count; i++)
        report_reset_station(k, &k->station[i]);
    for (uint32_t i = 0; i < k->source_count; i++)
        report_reset_sums(&k->source[i].sums);
}

/* ---- reports --------------------------------------------------------------------------------- */

static struct class_sums report_total(const struct omo_kernel *k, const struct station *s)
{
    struct class_sums total = {0};

    for (uint32_t i = 0; i < k->source_count; i++) {
        const struct class_sums *c = &s->sums[i];
        total.arrived += c->arrived;
        total.refused += c->refused;
        total.balked += c->balked;
        total.reneged += c->reneged;
        total.started += c->started;
        total.waited += c->waited;
        total.done += c->done;
        total.inside += c->inside;
        total.inside_reset += c->inside_reset;
        total.queued_us += c->queued_us;
        moments_merge(&total.stay, &c->stay);
    }
    return total;
}

static double report_level(struct gauge g, int64_t now_us, double span_us)
{
    gauge_touch(&g, now_us);
    return report_ratio((double)g.area, span_us);
}

static void report_levels(const struct omo_kernel *k, const struct station *s,
                          omo_station_report *r)
{
    double span_us = (double)r->span_us;
    int64_t now_us = engine_now_us(k);

    r->queue_mean = report_ratio((double)s->waiting_area, span_us);
    r->busy_mean = report_ratio((double)s->busy_area, span_us);
    r->blocked_mean = report_level(s->blocked_gauge, now_us, span_us);
    r->level_mean = s->plain ? r->queue_mean + r->busy_mean + r->blocked_mean
                             : report_ratio((double)s->level_area, span_us);
    r->level_variance =
        report_ratio((double)s->level_square_area, span_us) - r->level_mean * r->level_mean;
    r->level_max = s->level_max;
    int64_t empty_us = s->empty_us + (s->inside == 0 ? now_us - s->empty_since_us : 0);
    int64_t over_us = s->over_us + (s->inside > s->level_over ? now_us - s->over_since_us : 0);
    r->empty_share = report_ratio((double)empty_us, span_us);
    r->level_over_share =
        s->level_over != OMO_UNLIMITED ? report_ratio((double)over_us, span_us) : REPORT_NONE;
    r->duty_mean =
        s->duty_shift != OMO_UNLIMITED ? report_level(s->duty_gauge, now_us, span_us) : REPORT_NONE;
    r->overtime_mean = report_level(s->overtime_gauge, now_us, span_us);
    r->down_mean = report_level(s->down_gauge, now_us, span_us);
}

static void report_times(const struct station *s, const struct class_sums *total,
                         omo_station_report *r)
{
    double left_queue = (double)(total->started + total->reneged);
    omo_batch_estimate wait = batches_estimate(&s->batches_wait, 0.95);

    r->wait_mean_us = moments_mean(&s->wait);
    r->wait_variance_us2 = report_variance(&s->wait);
    r->wait_half_width_us = wait.half_width;
    r->wait_autocorrelation = wait.lag1;
    r->queue_time_mean_us = report_ratio((double)total->queued_us, left_queue);
    r->wait_over_share = s->wait_over_us != OMO_FOREVER
                             ? report_ratio((double)s->wait_over, left_queue)
                             : REPORT_NONE;
    r->time_mean_us = moments_mean(&total->stay);
    r->time_variance_us2 = report_variance(&total->stay);
    r->time_over_share = s->stay_over_us != OMO_FOREVER
                             ? report_ratio((double)s->stay_over, (double)total->done)
                             : REPORT_NONE;
    r->waves = (uint64_t)s->wave.weight;
    r->wave_size_mean = moments_mean(&s->wave);
    r->wave_size_variance = report_variance(&s->wave);
    r->wave_empty_share = report_ratio((double)s->waves_empty, (double)s->wave.weight);
    r->period_done_mean = moments_mean(&s->period);
    r->period_done_variance = report_variance(&s->period);
}

omo_status omo_kernel_station(const omo_kernel *k, omo_station station,
                              omo_station_report *ret_report)
{
    if (k == NULL || ret_report == NULL || !k->sealed || k->arena.first == NULL ||
        station.index >= k->station_count)
        return OMO_EINVAL;
    struct station s = k->station[station.index];
    station_touch(&s, engine_now_us(k));
    station_close_periods(&s, engine_now_us(k));
    struct class_sums total = report_total(k, &s);
    omo_station_report r = {
        .span_us = engine_now_us(k) - k->reset_us,
        .arrived = total.arrived,
        .refused = total.refused,
        .balked = total.balked,
        .reneged = total.reneged,
        .waited = total.waited,
        .started = total.started,
        .preempted = s.preempted,
        .done = total.done,
    };
    report_levels(k, &s, &r);
    report_times(&s, &total, &r);
    *ret_report = r;
    return OMO_OK;
}

static omo_class_report report_class(const struct class_sums *sums)
{
    return (omo_class_report){
        .arrived = sums->arrived,
        .refused = sums->refused,
        .balked = sums->balked,
        .reneged = sums->reneged,
        .started = sums->started,
        .done = sums->done,
        .inside = sums->inside,
        .queue_time_mean_us =
            report_ratio((double)sums->queued_us, (double)(sums->started + sums->reneged)),
        .time_mean_us = moments_mean(&sums->stay),
        .time_variance_us2 = report_variance(&sums->stay),
    };
}

omo_status omo_kernel_station_class(const omo_kernel *k, omo_station station, omo_source source,
                                    omo_class_report *ret_report)
{
    if (k == NULL || ret_report == NULL || !k->sealed || k->arena.first == NULL ||
        station.index >= k->station_count || source.index >= k->source_count)
        return OMO_EINVAL;
    *ret_report = report_class(&k->station[station.index].sums[source.index]);
    return OMO_OK;
}

omo_status omo_kernel_source(const omo_kernel *k, omo_source source, omo_class_report *ret_report)
{
    if (k == NULL || ret_report == NULL || source.index >= k->source_count)
        return OMO_EINVAL;
    *ret_report = report_class(&k->source[source.index].sums);
    return OMO_OK;
}

/* ---- the audit ------------------------------------------------------------------------------- */

struct report_count { /* of one station, from the jobs' own states */
    uint32_t waiting, served, blocked, inside;
    core_int128 queued_us;
};

static void report_count_job(const struct omo_kernel *k, const struct job *j,
                             struct report_count *count)
{
    struct report_count *c = &count[j->station];

    c->inside++;
    c->waiting += j->state == JOB_WAITING || j->state == JOB_GATED;
    c->served += j->state == JOB_SERVED;
    c->blocked += j->state == JOB_BLOCKED;
    if (j->state == JOB_WAITING || j->state == JOB_GATED)
        c->queued_us += engine_now_us(k) - core_max_i64(j->since_us, k->reset_us);
}

static omo_status report_audit_station(const struct omo_kernel *k, const struct station *station,
                                       const struct report_count *c, omo_error *ret_error)
{
    struct station s = *station;
    const char *name = s.options.name;

    station_touch(&s, engine_now_us(k));
    struct class_sums total = report_total(k, &s);
    if (s.waiting_area != total.queued_us + c->queued_us)
        return core_error(ret_error, OMO_EAUDIT,
                          "station %s: Little's law: the area under the queue is not the sum of "
                          "the waiting times",
                          name);
    if (s.waiting != c->waiting || s.blocked != c->blocked || s.inside != c->inside ||
        (!s.batches && s.busy != c->served))
        return core_error(ret_error, OMO_EAUDIT,
                          "station %s: %u waiting, %u served, %u blocked, %u inside by its jobs; "
                          "%u, %u, %u, %u by its levels",
                          name, c->waiting, c->served, c->blocked, c->inside, s.waiting, s.busy,
                          s.blocked, s.inside);
    if (total.inside != s.inside ||
        total.inside_reset + total.arrived !=
            total.refused + total.balked + total.reneged + total.done + s.inside)
        return core_error(ret_error, OMO_EAUDIT,
                          "station %s: conservation of jobs: %llu there at first, %llu came, %llu "
                          "done, %u inside",
                          name, (unsigned long long)total.inside_reset,
                          (unsigned long long)total.arrived, (unsigned long long)total.done,
                          s.inside);
    if (!s.special && s.busy + s.blocked > s.duty && s.options.branch_count == 0)
        return core_error(ret_error, OMO_EAUDIT, "station %s: %u servers held, %u on duty", name,
                          s.busy + s.blocked, s.duty);
    return OMO_OK;
}

omo_status report_audit(const struct omo_kernel *k, omo_error *ret_error)
{
    struct report_count *count = k->count;
    uint64_t used = 0, of_sources = 0;

    memset(count, 0, k->station_count * sizeof(count[0]));
    for (uint32_t slot = 0; slot < k->jobs.touched; slot++) {
        const struct job *j = &k->job[slot];
        if (!j->alive)
            continue;
        used++;
        of_sources += j->parent == OMO_NONE;
        if (j->state != JOB_NOWHERE)
            report_count_job(k, j, count);
    }
    for (uint32_t i = 0; i < k->station_count; i++) {
        omo_status status = report_audit_station(k, &k->station[i], &count[i], ret_error);
        if (status != OMO_OK)
            return status;
    }
    for (uint32_t i = 0; i < k->source_count; i++) {
        const struct class_sums *sums = &k->source[i].sums;
        if (sums->inside_reset + sums->arrived != sums->done + sums->inside)
            return core_error(ret_error, OMO_EAUDIT, "source %s: conservation of jobs",
                              k->source[i].options.name);
        of_sources -= sums->inside;
    }
    if (of_sources != 0 || used != k->jobs.used)
        return core_error(ret_error, OMO_EAUDIT,
                          "jobs alive are not those that the sources made "
                          "and that have not ended");
    return OMO_OK;
}

size_t report_count_size(void) { return sizeof(struct report_count); }
