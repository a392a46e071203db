/* What a run comes to, and the generator's judgement of itself.
 *
 * The generator was too slow when
 *   - the p99 of its own lateness is above 5 ms (or what the user allows) and above 5 % of the
 *     response p99: what it measured is then in good part its own doing, or
 *   - it did not begin what was due: journeys for which there was no room, or that it had not got
 *     around to when the run was cut off.
 * Both show when a rate is asked for that this machine can't make: requests pile up before they are
 * sent, own lateness grows without bound, and with it its share of the response. Below 5 ms a late
 * sending is what any process on a shared machine suffers now and then (a turn of its neighbours is
 * 3 to 4 ms), and it stays in the report as lateness. A closed loop asks for no moment, so it can't be late.
 */
#include "replay/load_private.h"

#include "shell/diagnostic.h"
#include "shell/units.h"

#include <stdio.h>

#define OWN_SHARE 0.05
#define P99 990000

static uint64_t sum_of(const Load *load, size_t offset)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < load->run.worker_count; i++)
        sum += *(const uint64_t *)(const void *)((const char *)&load->worker[i] + offset);
    return sum;
}
#define SUM(load, field) sum_of(load, offsetof(struct worker, field))

static void judge(Load *load)
{
    struct load_result *r = &load->result;
    const struct measure_row *total = measure_all_row(load->all, MEASURE_TOTAL);
    const int64_t own_ns = omo_histogram_quantile(r->own_lateness, P99);
    const int64_t response_ns = omo_histogram_quantile(total->clock[MEASURE_RESPONSE], P99);
    const uint64_t unstarted = SUM(load, unstarted_count);
    const uint64_t shed = SUM(load, shed_count);

    if (unstarted > 0 && !r->interrupted)
        snprintf(r->too_slow_why, sizeof r->too_slow_why,
                 "%" G_GUINT64_FORMAT " journeys that were due had not been begun at the end",
                 unstarted);
    else if (shed > 0)
        snprintf(r->too_slow_why, sizeof r->too_slow_why,
                 "%" G_GUINT64_FORMAT " journeys were not begun: more than %u in flight", shed,
                 load->run.options.journeys_max);
    else if (load->run.options.mode != LOAD_CLOSED && own_ns > load->run.options.own_lateness_ns &&
             (double)own_ns > OWN_SHARE * (double)response_ns)
        snprintf(r->too_slow_why, sizeof r->too_slow_why,
                 "its own lateness is %.3g ms at p99, %.3g %% of the response's %.3g ms",
                 (double)own_ns / 1e6,
                 response_ns > 0 ? 100.0 * (double)own_ns / (double)response_ns : 100.0,
                 (double)response_ns / 1e6);
    else
        return;
    r->too_slow = true;
}

static const char *pace_name(const Load *load)
{
    if (load->run.options.pace == LOAD_PACE_SPIN)
        return "spin";
    return SUM(load, ticked_count) > SUM(load, timer_count) ? "tick" : "timer";
}

static void add_worker(struct load_result *r, const struct worker *worker)
{
    omo_histogram_merge(r->own_lateness, worker->own_lateness);
    r->cpu.user_s += worker->user_s;
    r->cpu.system_s += worker->system_s;
    r->journey_memory += (uint64_t)worker->journey_used * sizeof *worker->journeys +
                         (uint64_t)worker->due.count_max * sizeof *worker->due.entry;
    r->session_memory += sessions_memory(&worker->sessions) + worker->value_memory;
    r->link_memory += worker->link_memory;
    r->journeys_in_flight_max += worker->in_flight_max;
    r->elapsed_ns = MAX(r->elapsed_ns, worker->last_done_ns);
    r->intended_ns = MAX(r->intended_ns, worker->last_intended_ns);
}

/* When a stopped run was over: with its last request or answer, not when its threads had noticed. */
static int64_t stopped_ns(const Load *load)
{
    int64_t last_ns = load->result.elapsed_ns;

    for (uint32_t i = 0; i < load->run.worker_count; i++)
        last_ns = MAX(last_ns, load->worker[i].last_intended_ns);
    return MIN(last_ns, load->ended_ns);
}

static void set_rates(Load *load)
{
    struct load_result *r = &load->result;
    const struct run *run = &load->run;
    const int64_t end_ns =
        run->stop_starting_ns != INT64_MAX
            ? MIN(run->stop_starting_ns, r->stop_reason != NULL ? stopped_ns(load) : INT64_MAX)
            : r->elapsed_ns;
    const double asked_s =
        (double)(MIN(end_ns, MAX(r->intended_ns, 1)) - run->options.warm_up_ns) / 1e9;
    const double held_s = (double)(end_ns - run->options.warm_up_ns) / 1e9;

    if (asked_s > 0)
        r->asked_rate = (double)SUM(load, due_measured_count) / asked_s;
    if (held_s > 0)
        r->held_rate = (double)SUM(load, answered_count) / held_s;
}

static void set_tls_errors(Load *load)
{
    struct load_result *r = &load->result;
    const struct load_options *o = &load->run.options;

    r->tls_errors = measure_all_outcome(load->all, MEASURE_TOTAL, OUTCOME_tls_error);
    for (uint32_t i = 0; i < o->target_count && r->tls_error_text == NULL; i++)
        if (o->targets[i]->tls_context != NULL)
            r->tls_error_text = tls_last_error(o->targets[i]->tls_context);
}

void load_result_make(Load *load)
{
    struct load_result *r = &load->result;

    r->all = load->all;
    r->stop_reason = atomic_load(&load->run.stop_reason);
    for (uint32_t i = 0; i < load->run.worker_count && r->stop_reason == NULL; i++)
        if (load->worker[i].record_failed)
            r->stop_reason = "outcomes could not be recorded";
    r->interrupted = r->stop_reason != NULL;
    r->threads = load->run.worker_count;
    r->pace = pace_name(load);
    r->own_lateness = omo_histogram_new(MEASURE_VALUE_MAX);
    g_assert(r->own_lateness != NULL);
    for (uint32_t i = 0; i < load->run.worker_count; i++)
        add_worker(r, &load->worker[i]);
    r->intended_requests = SUM(load, due_count);
    if (load->run.options.mode != LOAD_PLAN && load->run.stop_starting_ns != INT64_MAX)
        r->intended_ns = load->run.stop_starting_ns;
    set_rates(load);
    set_tls_errors(load);
    judge(load);
}

gboolean load_result_check(Load *load, GError **ret_error)
{
    struct load_result *r = &load->result;
    const uint64_t ended =
        measure_all_requests(load->all, MEASURE_TOTAL) + measure_all_warm_up_requests(load->all);
    bool record_failed = false;

    for (uint32_t i = 0; i < load->run.worker_count; i++) {
        const struct feed *feed = &load->worker[i].feed;
        record_failed |= load->worker[i].record_failed;
        if (feed->broken) {
            plan_set_broken_error(load->run.options.plan, &feed->cursor, ret_error);
            return FALSE;
        }
    }
    if (ended != r->intended_requests) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "audit: %" G_GUINT64_FORMAT " requests were due and %" G_GUINT64_FORMAT
                    " have an outcome",
                    r->intended_requests, ended);
        return FALSE;
    }
    if (!load_record_close(load, ret_error))
        return FALSE;
    if (record_failed) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "%s: could not be written as fast as answers came", load->run.options.record);
        return FALSE;
    }
    return TRUE;
}
