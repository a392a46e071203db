/* The summary of a load run for scripts: one JSON document, keys as listed in summary.h.
 *
 * Keys are always there, null or 0 where there is nothing to say, so that a script need not ask; only
 * `outcomes`, `statuses` and `steps` hold what occurred.
 */
#include "replay/summary.h"

#include "shell/json.h"

#include <math.h>

static const char *const summary_verdicts[] = {
    [LOAD_PASSED] = "passed",
    [LOAD_FAILED] = "failed",
    [LOAD_TOO_SLOW] = "too_slow",
    [LOAD_INTERRUPTED] = "interrupted",
};

static void summary_set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static void summary_set_number(json_t *object, const char *key, double value)
{
    summary_set(object, key, json_make_number(value));
}

static void summary_set_count(json_t *object, const char *key, uint64_t count)
{
    summary_set(object, key, json_integer((json_int_t)MIN(count, (uint64_t)INT64_MAX)));
}

static void summary_set_text(json_t *object, const char *key, const char *text)
{
    summary_set(object, key, json_make_text(text));
}

static json_t *summary_clock(const omo_histogram *h)
{
    static const struct {
        const char *name;
        uint32_t share_ppm;
    } quantiles[] = {
        {"p50", 500000}, {"p75", 750000},   {"p90", 900000},    {"p95", 950000},
        {"p99", 990000}, {"p99.9", 999000}, {"p99.99", 999900}, {"p99.999", 999990},
    };
    json_t *clock = json_object();
    uint64_t count = h == NULL ? 0 : omo_histogram_count(h);

    summary_set_count(clock, "count", count);
    summary_set_number(clock, "mean", count == 0 ? NAN : omo_histogram_mean(h) / 1e6);
    for (size_t i = 0; i < G_N_ELEMENTS(quantiles); i++) {
        double ns = count == 0 ? NAN
                               : (double)MIN(omo_histogram_quantile(h, quantiles[i].share_ppm),
                                             omo_histogram_max(h));
        summary_set_number(clock, quantiles[i].name, ns / 1e6);
    }
    summary_set_number(clock, "max", count == 0 ? NAN : (double)omo_histogram_max(h) / 1e6);
    summary_set_count(clock, "clipped", count == 0 ? 0 : omo_histogram_clipped(h));
    return clock;
}

static void summary_set_clocks(json_t *object, const struct measure_row *row)
{
    for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
        g_autofree char *key = g_strconcat(measure_clock_name(clock), "_ms", NULL);
        summary_set(object, key, summary_clock(row->clock[clock]));
    }
}

static uint64_t summary_errors(const struct measure_row *row)
{
    uint64_t errors = 0;

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        errors += outcome_is_error(i) ? row->outcome[i] : 0;
    return errors;
}

static json_t *summary_outcomes(const struct measure_row *row)
{
    json_t *outcomes = json_object();

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        if (row->outcome[i] > 0)
            summary_set_count(outcomes, outcome_name(i), row->outcome[i]);
    return outcomes;
}

static json_t *summary_requests_json(const struct load_result *r)
{
    const struct measure_row *total = measure_all_row(r->all, MEASURE_TOTAL);
    json_t *requests = json_object(), *statuses = json_object();
    uint64_t errors = summary_errors(total);

    summary_set_count(requests, "count", total->count);
    summary_set_count(requests, "intended", r->intended_requests);
    summary_set_count(requests, "warm_up", measure_all_warm_up_requests(r->all));
    summary_set_count(requests, "errors", errors);
    summary_set_number(requests, "error_share",
                       total->count == 0 ? NAN : (double)errors / (double)total->count);
    summary_set_number(requests, "asked_per_s", r->asked_rate);
    summary_set_number(requests, "held_per_s", r->held_rate);
    summary_set(requests, "outcomes", summary_outcomes(total));
    for (uint32_t i = 0; i < MEASURE_STATUS_MAX; i++) {
        char key[8];
        uint64_t count = measure_all_status(r->all, i);
        g_snprintf(key, sizeof key, "%u", i);
        if (count > 0)
            summary_set_count(statuses, key, count);
    }
    summary_set(requests, "statuses", statuses);
    return requests;
}

static json_t *summary_steps(const struct load_result *r)
{
    json_t *steps = json_object();

    for (uint32_t i = 0; i < STEP_COUNT; i++) {
        const struct measure_row *row = measure_all_row(r->all, i);
        if (row->count == 0)
            continue;
        json_t *step = json_object();
        summary_set_count(step, "count", row->count);
        summary_set_count(step, "errors", summary_errors(row));
        summary_set(step, "outcomes", summary_outcomes(row));
        summary_set_clocks(step, row);
        summary_set(steps, step_name(i), step);
    }
    return steps;
}

static json_t *summary_journeys_json(const struct load_result *r)
{
    static const char *const names[MEASURE_JOURNEYS] = {"started", "completed", "refused", "failed",
                                                        "cut_off"};
    json_t *journeys = json_object();

    for (uint32_t i = 0; i < MEASURE_JOURNEYS; i++)
        summary_set_count(journeys, names[i], measure_all_journeys(r->all, i));
    summary_set_count(journeys, "in_flight_max", r->journeys_in_flight_max);
    return journeys;
}

static json_t *summary_thresholds_json(const struct load_report *report)
{
    json_t *thresholds = json_array();

    for (uint32_t i = 0; i < report->finding_count; i++) {
        const struct threshold_finding *f = &report->findings[i];
        json_t *threshold = json_object();
        summary_set_text(threshold, "text", f->text);
        summary_set_text(threshold, "source", f->source);
        summary_set(threshold, "held", json_boolean(f->held));
        summary_set(threshold, "abort", json_boolean(f->abort));
        summary_set_number(threshold, "value", f->value);
        summary_set_number(threshold, "limit", f->limit);
        summary_set_text(threshold, "unit", f->unit);
        summary_set_text(threshold, "value_text", f->value_text);
        summary_set_number(threshold, "at_s", f->at_s);
        json_array_append_new(thresholds, threshold);
    }
    return thresholds;
}

static json_t *summary_stages(const struct load_report *report)
{
    json_t *stages = json_array();

    for (uint32_t i = 0; i < report->stage_count; i++) {
        json_t *stage = json_object();
        summary_set_number(stage, "duration_s", (double)report->stages[i].duration_ns / 1e9);
        summary_set_number(stage, "from_per_s", report->stages[i].from);
        summary_set_number(stage, "to_per_s", report->stages[i].to);
        json_array_append_new(stages, stage);
    }
    return stages;
}

static json_t *summary_generator_json(const struct load_result *r)
{
    json_t *generator = json_object(), *memory = json_object();
    uint64_t requests =
        measure_all_requests(r->all, MEASURE_TOTAL) + measure_all_warm_up_requests(r->all);

    summary_set(generator, "too_slow", json_boolean(r->too_slow));
    summary_set_text(generator, "why", r->too_slow ? r->too_slow_why : NULL);
    summary_set_count(generator, "threads", r->threads);
    summary_set_text(generator, "pace", r->pace);
    summary_set(generator, "own_lateness_ms", summary_clock(r->own_lateness));
    summary_set_number(generator, "cpu_user_s", r->cpu.user_s);
    summary_set_number(generator, "cpu_system_s", r->cpu.system_s);
    summary_set_number(generator, "cpu_us_per_request",
                       requests == 0 ? NAN
                                     : (r->cpu.user_s + r->cpu.system_s) * 1e6 / (double)requests);
    summary_set_count(memory, "journeys", r->journey_memory);
    summary_set_count(memory, "sessions", r->session_memory);
    summary_set_count(memory, "links", r->link_memory);
    summary_set(generator, "memory_bytes", memory);
    summary_set_count(generator, "late_records", measure_all_late_records(r->all));
    summary_set_count(generator, "lost_records", measure_all_lost_records(r->all));
    return generator;
}

static void summary_set_run(json_t *document, const struct load_report *report)
{
    const struct load_result *r = report->result;
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(r->started_unix_us / 1000000);
    g_autofree char *started = at == NULL ? NULL : g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");
    json_t *targets = json_array();

    summary_set_text(document, "title", report->title);
    summary_set_text(document, "command", report->command);
    summary_set_text(document, "mode", report->mode);
    for (const char *const *target = report->targets; target != NULL && *target != NULL; target++)
        json_array_append_new(targets, json_make_text(*target));
    summary_set(document, "targets", targets);
    summary_set_text(document, "api", report->api);
    summary_set_text(document, "plan", report->plan);
    summary_set_text(document, "started", started);
    summary_set_number(document, "elapsed_s", (double)r->elapsed_ns / 1e9);
    summary_set_number(document, "intended_s", (double)r->intended_ns / 1e9);
    summary_set_number(document, "warm_up_s", (double)measure_all_warm_up_ns(r->all) / 1e9);
    summary_set_text(document, "stop_reason", r->stop_reason);
}

json_t *summary_json(const struct load_report *report)
{
    const struct load_result *r = report->result;
    json_t *document = json_object(), *total = json_object(), *counts = json_object();
    json_t *tls = json_object();
    g_autofree char *verdict = load_verdict_text(report);

    summary_set_text(document, "verdict", summary_verdicts[load_verdict(report)]);
    summary_set_text(document, "verdict_text", verdict);
    summary_set_run(document, report);
    summary_set(document, "requests", summary_requests_json(r));
    summary_set_clocks(total, measure_all_row(r->all, MEASURE_TOTAL));
    summary_set(document, "total", total);
    summary_set(document, "steps", summary_steps(r));
    summary_set(document, "journeys", summary_journeys_json(r));
    for (uint32_t i = 0; i < MEASURE_COUNTS; i++)
        summary_set_count(counts, measure_count_name(i), measure_all_count(r->all, i));
    summary_set(document, "counts", counts);
    summary_set(document, "thresholds", summary_thresholds_json(report));
    summary_set(document, "stages", summary_stages(report));
    summary_set(document, "generator", summary_generator_json(r));
    summary_set_count(tls, "errors", r->tls_errors);
    summary_set_text(tls, "text", r->tls_error_text);
    summary_set(document, "tls", tls);
    summary_set_count(document, "recorded", r->recorded);
    return document;
}
