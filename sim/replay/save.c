/* A load run as tables. The results layer knows columns and no engine, this file knows both: one
 * function a table, rows in the order of the report's structs. Times leave as milliseconds where
 * people read them and as nanoseconds where the histograms are meant to be worked with.
 */
#include "replay/summary.h"

#include <math.h>
#include <omosim/types.h>
#include <string.h>

#include "results/load_results.h"

#define SAVE_CLOCK_COLUMNS 6

static struct load_value save_text(const char *text)
{
    return (struct load_value){.kind = LOAD_VALUE_TEXT, .text = text};
}

static struct load_value save_whole(uint64_t whole)
{
    return (struct load_value){.kind = LOAD_VALUE_WHOLE, .whole = (int64_t)whole};
}

static struct load_value save_number(double number)
{
    return (struct load_value){.kind = LOAD_VALUE_NUMBER, .number = number};
}

static struct load_value save_ms(int64_t ns) { return save_number((double)ns / 1e6); }

static struct load_value save_s(int64_t ns) { return save_number((double)ns / 1e9); }

/* ---- facts about the whole ------------------------------------------------------------------- */

static void save_fact(LoadResults *results, const char *key, struct load_value value)
{
    const struct load_value row[] = {save_text(key), value};

    load_results_add(results, "load", row, G_N_ELEMENTS(row));
}

/* A text that may be missing: no row then. */
static void save_fact_text(LoadResults *results, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        save_fact(results, key, save_text(text));
}

static void save_about(LoadResults *results, const struct load_report *report)
{
    g_autofree char *targets =
        report->targets != NULL ? g_strjoinv(", ", (char **)report->targets) : NULL;

    save_fact_text(results, "title", report->title);
    save_fact_text(results, "command", report->command);
    save_fact_text(results, "mode", report->mode);
    save_fact_text(results, "target", targets);
    save_fact_text(results, "api", report->api);
    save_fact_text(results, "plan", report->plan);
    save_fact_text(results, "version", omo_version());
}

static void save_facts(LoadResults *results, const struct load_report *report)
{
    static const char *const verdicts[] = {
        [LOAD_PASSED] = "passed",
        [LOAD_FAILED] = "failed",
        [LOAD_TOO_SLOW] = "too_slow",
        [LOAD_INTERRUPTED] = "interrupted",
    };
    const struct load_result *r = report->result;

    save_fact(results, "verdict", save_text(verdicts[load_verdict(report)]));
    save_fact_text(results, "stop_reason", r->stop_reason);
    save_fact_text(results, "too_slow_why", r->too_slow ? r->too_slow_why : NULL);
    save_fact_text(results, "pace", r->pace);
    save_fact_text(results, "tls_error_text", r->tls_error_text);
    save_fact(results, "started_unix_us", save_whole((uint64_t)r->started_unix_us));
    save_fact(results, "elapsed_s", save_s(r->elapsed_ns));
    save_fact(results, "intended_s", save_s(r->intended_ns));
    save_fact(results, "intended_requests", save_whole(r->intended_requests));
    save_fact(results, "warm_up_requests", save_whole(measure_all_warm_up_requests(r->all)));
    save_fact(results, "late_records", save_whole(measure_all_late_records(r->all)));
    save_fact(results, "asked_rate", save_number(r->asked_rate));
    save_fact(results, "held_rate", save_number(r->held_rate));
    save_fact(results, "threads", save_whole(r->threads));
    save_fact(results, "cpu_user_s", save_number(r->cpu.user_s));
    save_fact(results, "cpu_system_s", save_number(r->cpu.system_s));
    save_fact(results, "journeys_in_flight_max", save_whole(r->journeys_in_flight_max));
    save_fact(results, "journey_memory", save_whole(r->journey_memory));
    save_fact(results, "session_memory", save_whole(r->session_memory));
    save_fact(results, "link_memory", save_whole(r->link_memory));
    save_fact(results, "tls_errors", save_whole(r->tls_errors));
    save_fact(results, "recorded", save_whole(r->recorded));
}

/* ---- step kinds ------------------------------------------------------------------------------ */

static const char *save_step(uint32_t row) { return row == MEASURE_TOTAL ? "" : step_name(row); }

static void save_clock(const omo_histogram *h, struct load_value *ret_values)
{
    static const uint32_t shares_ppm[] = {500000, 900000, 990000, 999000};

    if (h == NULL || omo_histogram_count(h) == 0)
        return; /* NULLs stay */
    ret_values[0] = save_number(omo_histogram_mean(h) / 1e6);
    for (size_t i = 0; i < G_N_ELEMENTS(shares_ppm); i++)
        ret_values[1 + i] = save_ms(omo_histogram_quantile(h, shares_ppm[i]));
    ret_values[5] = save_ms(omo_histogram_max(h));
}

static void save_buckets(LoadResults *results, const char *step, const char *clock,
                         const omo_histogram *h)
{
    uint32_t cursor = 0;
    int64_t low, high;
    uint64_t count;

    while (h != NULL && omo_histogram_next(h, &cursor, &low, &high, &count)) {
        const struct load_value row[] = {save_text(step), save_text(clock),
                                         save_whole((uint64_t)low), save_whole((uint64_t)high),
                                         save_whole(count)};
        load_results_add(results, "load_bucket", row, G_N_ELEMENTS(row));
    }
}

static void save_row(LoadResults *results, const struct measure_row *row, const char *step)
{
    static const char *const classes[] = {
        [OUTCOME_ACKNOWLEDGED] = "acknowledged",
        [OUTCOME_FAILED] = "failed",
        [OUTCOME_INDETERMINATE] = "indeterminate",
    };
    struct load_value values[2 + MEASURE_CLOCKS * SAVE_CLOCK_COLUMNS] = {save_text(step),
                                                                         save_whole(row->count)};

    for (int clock = 0; clock < MEASURE_CLOCKS; clock++) {
        save_clock(row->clock[clock], &values[2 + clock * SAVE_CLOCK_COLUMNS]);
        save_buckets(results, step, measure_clock_name((enum measure_clock)clock),
                     row->clock[clock]);
    }
    load_results_add(results, "load_row", values, G_N_ELEMENTS(values));
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        const struct load_value outcome[] = {save_text(step),
                                             save_text(outcome_name((enum outcome)o)),
                                             save_text(classes[outcome_class((enum outcome)o)]),
                                             save_whole(row->outcome[o])};
        if (row->outcome[o] > 0)
            load_results_add(results, "load_outcome", outcome, G_N_ELEMENTS(outcome));
    }
}

/* ---- counts, series, stages, thresholds ------------------------------------------------------ */

static void save_count(LoadResults *results, const char *name, uint64_t count)
{
    const struct load_value row[] = {save_text(name), save_whole(count)};

    load_results_add(results, "load_count", row, G_N_ELEMENTS(row));
}

static void save_counts(LoadResults *results, const struct measure_all *all)
{
    static const char *const journeys[] = {
        [MEASURE_STARTED] = "journeys_started", [MEASURE_COMPLETED] = "journeys_completed",
        [MEASURE_REFUSED] = "journeys_refused", [MEASURE_FAILED] = "journeys_failed",
        [MEASURE_CUT_OFF] = "journeys_cut_off",
    };

    for (int i = 0; i < MEASURE_JOURNEYS; i++)
        save_count(results, journeys[i], measure_all_journeys(all, (enum measure_journey)i));
    for (int i = 0; i < MEASURE_COUNTS; i++)
        save_count(results, measure_count_name((enum measure_count)i),
                   measure_all_count(all, (enum measure_count)i));
}

static void save_heat(LoadResults *results, const struct measure_interval *interval)
{
    for (uint32_t cell = 0; cell < MEASURE_HEAT_CELLS; cell++) {
        int64_t low = measure_heat_low_ns(cell);
        int64_t high =
            cell + 1 < MEASURE_HEAT_CELLS ? measure_heat_low_ns(cell + 1) : MEASURE_VALUE_MAX;
        const struct load_value row[] = {save_s(interval->begin_ns), save_ms(low), save_ms(high),
                                         save_whole(interval->heat[cell])};
        if (interval->heat[cell] > 0)
            load_results_add(results, "load_heat", row, G_N_ELEMENTS(row));
    }
}

static void save_series(LoadResults *results, const struct measure_all *all)
{
    for (uint32_t i = 0; i < measure_all_interval_count(all); i++) {
        const struct measure_interval *interval = measure_all_interval(all, i);
        const uint64_t count = interval->count[MEASURE_TOTAL];
        const double length_s = (double)(interval->end_ns - interval->begin_ns) / 1e9;
        struct load_value row[14] = {
            save_s(interval->begin_ns),
            save_s(interval->end_ns),
            save_whole(interval->warm_up),
            save_whole(count),
            save_whole(interval->errors[MEASURE_TOTAL]),
            save_number(length_s > 0.0 ? (double)count / length_s : (double)NAN),
        };
        if (count > 0) {
            const int64_t times[] = {interval->p50_ns,          interval->p90_ns,
                                     interval->p99_ns,          interval->p999_ns,
                                     interval->max_ns,          interval->lateness_p50_ns,
                                     interval->lateness_p99_ns, interval->lateness_max_ns};
            for (size_t t = 0; t < G_N_ELEMENTS(times); t++)
                row[6 + t] = save_ms(times[t]);
        }
        load_results_add(results, "load_series", row, G_N_ELEMENTS(row));
        if (interval->heat != NULL)
            save_heat(results, interval);
    }
}

static void save_stages(LoadResults *results, const struct load_report *report)
{
    int64_t begin_ns = 0;

    for (uint32_t i = 0; i < report->stage_count; i++) {
        const struct load_stage *stage = &report->stages[i];
        const struct load_value row[] = {save_whole(i + 1), save_s(begin_ns),
                                         save_s(begin_ns + stage->duration_ns),
                                         save_number(stage->from), save_number(stage->to)};
        load_results_add(results, "load_stage", row, G_N_ELEMENTS(row));
        begin_ns += stage->duration_ns;
    }
}

static void save_thresholds(LoadResults *results, const struct load_report *report)
{
    for (uint32_t i = 0; i < report->finding_count; i++) {
        const struct threshold_finding *f = &report->findings[i];
        const struct load_value row[] = {
            save_whole(i),       save_text(f->text),    save_text(f->source),
            save_whole(f->held), save_number(f->value), save_number(f->limit),
            save_text(f->unit),  save_number(f->at_s),
        };
        load_results_add(results, "threshold", row, G_N_ELEMENTS(row));
    }
}

static void save_result(LoadResults *results, const struct load_report *report)
{
    const struct measure_all *all = report->result->all;

    save_facts(results, report);
    for (uint32_t row = 0; row < MEASURE_ROWS; row++) {
        const struct measure_row *found = measure_all_row(all, row);
        if (found != NULL && (found->count > 0 || row == MEASURE_TOTAL))
            save_row(results, found, save_step(row));
    }
    save_buckets(results, "", "own_lateness", report->result->own_lateness);
    save_counts(results, all);
    save_series(results, all);
    save_stages(results, report);
}

gboolean summary_write_database(const struct load_report *report, const char *path,
                                GError **ret_error)
{
    LoadResults *results = load_results_create(path, ret_error);

    if (results == NULL)
        return FALSE;
    save_about(results, report);
    save_result(results, report);
    save_thresholds(results, report);
    if (report->audited != NULL)
        load_results_take_audit(results, report->audited);
    return load_results_close(results, ret_error);
}

/* ---- a capacity search ----------------------------------------------------------------------- */

static void save_capacity(LoadResults *results, const struct capacity_result *capacity)
{
    static const char *const ends[] = {
        [CAPACITY_FOUND] = "found",         [CAPACITY_BELOW] = "below",
        [CAPACITY_ABOVE] = "above",         [CAPACITY_GENERATOR] = "too_slow",
        [CAPACITY_STOPPED] = "interrupted",
    };

    save_fact(results, "capacity_end", save_text(ends[capacity->end]));
    save_fact(results, "capacity_rate", save_number(capacity->rate));
    save_fact(results, "capacity_half_width", save_number(capacity->half_width));
    save_fact(results, "capacity_low", save_number(capacity->low));
    save_fact(results, "capacity_high", save_number(capacity->high));
    save_fact(results, "capacity_knee", save_number(capacity->knee));
    for (uint32_t i = 0; i < capacity->probes->len; i++) {
        const struct capacity_probe *p = &g_array_index(capacity->probes, struct capacity_probe, i);
        const struct load_value row[] = {save_whole(i),           save_whole(p->repeat),
                                         save_number(p->rate),    save_whole(p->held),
                                         save_whole(p->too_slow), save_number(p->held_rate),
                                         save_number(p->p50_ms),  save_number(p->p99_ms),
                                         save_number(p->errors),  save_number(p->lateness_p99_ms)};
        load_results_add(results, "capacity", row, G_N_ELEMENTS(row));
    }
}

gboolean summary_write_capacity(const struct load_report *report,
                                const struct capacity_result *capacity, const char *path,
                                GError **ret_error)
{
    LoadResults *results = load_results_create(path, ret_error);

    if (results == NULL)
        return FALSE;
    save_about(results, report);
    if (report->result != NULL)
        save_result(results, report);
    save_thresholds(results, report);
    save_capacity(results, capacity);
    return load_results_close(results, ret_error);
}
