/* Prometheus' text exposition format (prometheus.io, "Exposition formats", version 0.0.4).
 *
 * Base units are seconds and bytes, counters end in _total, and every sample of a metric follows its
 * HELP and TYPE lines. Buckets are read from coarse cells: a cell counts below a bound when all of
 * it lies there. Label values are names from our registries, without anything to escape; that is
 * checked rather than handled.
 */
#include "replay/metrics.h"

#include <inttypes.h>
#include <string.h>

static const double metrics_bounds_s[] = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1,    0.25,    0.5,    1,     2.5,    5,     10,   30,    60,
};

static void metrics_head(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP omosim_%s %s\n# TYPE omosim_%s %s\n", name, help, name,
                           type);
}

static void metrics_number(GString *text, double number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(text, g_ascii_formatd(digits, sizeof digits, "%.9g", number));
}

static void metrics_count(GString *text, const char *name, const char *type, const char *help,
                          uint64_t count)
{
    metrics_head(text, name, type, help);
    g_string_append_printf(text, "omosim_%s %" PRIu64 "\n", name, count);
}

static void metrics_gauge(GString *text, const char *name, const char *help, double number)
{
    metrics_head(text, name, "gauge", help);
    g_string_append_printf(text, "omosim_%s ", name);
    metrics_number(text, number);
    g_string_append_c(text, '\n');
}

static bool metrics_row_in_use(const struct measure_all *all, uint32_t step)
{
    return measure_all_row(all, step)->clock[MEASURE_RESPONSE] != NULL;
}

static void metrics_requests(GString *text, const struct measure_all *all)
{
    metrics_head(text, "requests_total", "counter", "Requests by step and how they ended.");
    for (uint32_t step = 0; step < STEP_COUNT; step++)
        for (uint32_t o = 0; metrics_row_in_use(all, step) && o < OUTCOME_COUNT; o++) {
            g_assert(strpbrk(step_name(step), "\"\\\n") == NULL);
            g_string_append_printf(
                text,
                "omosim_requests_total{step=\"%s\",outcome=\"%s\",error=\"%s\"} %" PRIu64 "\n",
                step_name(step), outcome_name(o), outcome_is_error(o) ? "yes" : "no",
                measure_all_outcome(all, step, o));
        }
    metrics_head(text, "responses_total", "counter", "Answers by HTTP status.");
    for (uint32_t status = 100; status < MEASURE_STATUS_MAX; status++) {
        uint64_t count = measure_all_status(all, status);
        if (count > 0)
            g_string_append_printf(text, "omosim_responses_total{status=\"%u\"} %" PRIu64 "\n",
                                   status, count);
    }
}

static void metrics_buckets(GString *text, const char *name, uint32_t step,
                            const struct coarse_sum *sum)
{
    uint64_t below = 0;
    uint32_t cell = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(metrics_bounds_s); i++) {
        int64_t bound_ns = (int64_t)(metrics_bounds_s[i] * 1e9 + 0.5);
        for (; cell < COARSE_CELLS && coarse_cell_high_ns(cell) <= bound_ns; cell++)
            below += sum->cells[cell];
        g_string_append_printf(text, "omosim_%s_bucket{step=\"%s\",le=\"", name, step_name(step));
        metrics_number(text, metrics_bounds_s[i]);
        g_string_append_printf(text, "\"} %" PRIu64 "\n", below);
    }
    g_string_append_printf(text, "omosim_%s_bucket{step=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name,
                           step_name(step), sum->count);
    g_string_append_printf(text, "omosim_%s_sum{step=\"%s\"} ", name, step_name(step));
    metrics_number(text, (double)sum->sum_ns / 1e9);
    g_string_append_printf(text, "\nomosim_%s_count{step=\"%s\"} %" PRIu64 "\n", name,
                           step_name(step), sum->count);
}

static void metrics_times(GString *text, const struct measure_all *all)
{
    static const struct {
        const char *name, *help;
    } clocks[MEASURE_CLOCKS] = {
        {"response_seconds", "From the intended time to the last byte."},
        {"service_seconds", "From the sending to the last byte."},
        {"lateness_seconds", "From the intended time to the sending."},
    };
    g_autofree struct measure_window *window = g_new(struct measure_window, 1);

    for (uint32_t clock = 0; clock < MEASURE_CLOCKS; clock++) {
        metrics_head(text, clocks[clock].name, "histogram", clocks[clock].help);
        for (uint32_t step = 0; step < STEP_COUNT; step++) {
            if (!metrics_row_in_use(all, step))
                continue;
            measure_all_so_far(all, step, clock, window);
            metrics_buckets(text, clocks[clock].name, step, &window->clock);
        }
    }
}

static void metrics_journeys(GString *text, const struct measure_all *all,
                             const struct load_now *now)
{
    static const char *const ends[MEASURE_JOURNEYS] = {NULL, "completed", "refused", "failed",
                                                       "cut_off"};

    metrics_count(text, "journeys_started_total", "counter", "Journeys begun.",
                  measure_all_journeys(all, MEASURE_STARTED));
    metrics_head(text, "journeys_ended_total", "counter", "Journeys by how they ended.");
    for (uint32_t i = MEASURE_COMPLETED; i < MEASURE_JOURNEYS; i++)
        g_string_append_printf(text, "omosim_journeys_ended_total{how=\"%s\"} %" PRIu64 "\n",
                               ends[i], measure_all_journeys(all, i));
    metrics_gauge(text, "journeys_in_flight", "Journeys begun and not ended.",
                  (double)now->in_flight);
}

static void metrics_counts(GString *text, const struct measure_all *all)
{
    static const struct {
        const char *name, *help;
        enum measure_count what;
    } counts[] = {
        {"retries_total", "Requests sent again after a failure.", MEASURE_RETRIES},
        {"redirects_total", "Redirects followed.", MEASURE_REDIRECTS},
        {"resent_total", "Requests sent again because a kept connection was closed.",
         MEASURE_RESENT},
        {"log_ins_total", "Sessions opened.", MEASURE_LOG_INS},
        {"log_ins_saved_total", "Log-in steps that an open session made needless.",
         MEASURE_LOG_INS_SAVED},
        {"sessions_lost_total", "Sessions pushed out before they ended.", MEASURE_SESSIONS_LOST},
        {"journeys_shed_total", "Journeys not begun for lack of room.", MEASURE_SHED_JOURNEYS},
        {"steps_skipped_total", "Steps without a request in the API map.", MEASURE_SKIPPED_STEPS},
        {"sent_bytes_total", "Bytes of requests.", MEASURE_BYTES_OUT},
        {"received_bytes_total", "Bytes of answers.", MEASURE_BYTES_IN},
        {"gzip_responses_total", "Answers that came compressed.", MEASURE_GZIP},
        {"connections_opened_total", "Connections opened.", MEASURE_CONNECTS},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        metrics_count(text, counts[i].name, "counter", counts[i].help,
                      measure_all_count(all, counts[i].what));
    metrics_count(text, "late_records_total", "counter",
                  "Requests that stand in another interval than their own.",
                  measure_all_late_records(all));
}

char *metrics_text(const struct measure_all *all, const struct load_now *now)
{
    GString *text = g_string_new(NULL);

    metrics_requests(text, all);
    metrics_times(text, all);
    metrics_journeys(text, all, now);
    metrics_counts(text, all);
    metrics_gauge(text, "connections", "Connections open.", now->connections);
    metrics_gauge(text, "waiting", "Requests waiting for a connection.", now->waiting);
    metrics_gauge(text, "request_rate", "Requests a second over the last whole second.", now->rate);
    metrics_gauge(text, "elapsed_seconds", "Time since the run began.",
                  (double)now->elapsed_ns / 1e9);
    return g_string_free(text, FALSE);
}
