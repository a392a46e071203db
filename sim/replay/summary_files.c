/* The summary of a load run in files that other programs read: JUnit XML, CSV, HdrHistogram.
 *
 * JUnit has no standard but what build servers read: a testsuites element with counts, test cases
 * with class name, name and time, a failure or error element inside those that did not pass. A
 * generator that was too slow and a run that was stopped are errors, a broken threshold is a failure:
 * servers show the two apart, and a human should look at the machine first.
 */
#include "replay/summary.h"

#include "replay/audit/tell.h"
#include "replay/hdr.h"
#include "shell/output.h"
#include "shell/xml.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- JUnit ---------------------------------------------------------------------------------- */

/* A number as text, the decimal point whatever the locale says. */
struct summary_number {
    char text[40];
};

static struct summary_number summary_number(const char *format, double value)
{
    struct summary_number number;

    g_ascii_formatd(number.text, sizeof number.text, format, value);
    return number;
}

/* A test case; `kind` is "failure" or "error", NULL = passed. */
static void summary_junit_case(FILE *stream, const char *class, const char *name, double time_s,
                               const char *kind, const char *message)
{
    g_autofree char *name_xml = xml_escape(name), *message_xml = xml_escape(message);

    fprintf(stream, "    <testcase classname=\"omosim.replay.%s\" name=\"%s\" time=\"%s\"", class,
            name_xml, summary_number("%.3f", time_s).text);
    if (kind == NULL)
        fprintf(stream, "/>\n");
    else
        fprintf(stream, ">\n      <%s message=\"%s\" type=\"%s\"/>\n    </testcase>\n", kind,
                message_xml, class);
}

static void summary_junit_thresholds(const struct load_report *report, double time_s, FILE *stream)
{
    for (uint32_t i = 0; i < report->finding_count; i++) {
        const struct threshold_finding *f = &report->findings[i];
        g_autofree char *message =
            g_strdup_printf("%s, asked by %s%s%s", f->value_text, f->source,
                            isnan(f->at_s) ? "" : ", from second ",
                            isnan(f->at_s) ? "" : summary_number("%.3g", f->at_s).text);
        summary_junit_case(stream, "threshold", f->text, time_s, f->held ? NULL : "failure",
                           message);
    }
}

gboolean summary_write_junit(const struct load_report *report, const char *path, GError **ret_error)
{
    const struct load_result *r = report->result;
    g_autoptr(Output) output = output_open(path, ret_error);
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(r->started_unix_us / 1000000);
    g_autofree char *started =
        at == NULL ? g_strdup("") : g_date_time_format(at, "%Y-%m-%dT%H:%M:%S");
    g_autofree char *title = xml_escape(report->title), *command = xml_escape(report->command);
    bool stopped = load_verdict(report) == LOAD_INTERRUPTED;
    double time_s = (double)r->elapsed_ns / 1e9;
    uint32_t failures = 0, errors = (uint32_t)r->too_slow + (uint32_t)stopped;
    const uint32_t audit_tests = report->audit != NULL ? AUDIT_INVARIANT_COUNT : 0;
    const uint32_t audit_failures = report->audit != NULL ? audit_junit_failures(report->audit) : 0;

    if (output == NULL)
        return FALSE;
    for (uint32_t i = 0; i < report->finding_count; i++)
        failures += !report->findings[i].held;
    FILE *stream = output_stream(output);
    fprintf(stream, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    fprintf(stream, "<testsuites tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"%s\">\n",
            report->finding_count + 2 + audit_tests, failures + audit_failures, errors,
            summary_number("%.3f", time_s).text);
    fprintf(stream,
            "  <testsuite name=\"%s\" tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\" "
            "time=\"%s\" timestamp=\"%s\">\n",
            title, report->finding_count + 2, failures, errors, summary_number("%.3f", time_s).text,
            started);
    fprintf(stream,
            "    <properties>\n      <property name=\"command\" value=\"%s\"/>\n    "
            "</properties>\n",
            command);
    summary_junit_thresholds(report, time_s, stream);
    summary_junit_case(stream, "generator", "the generator kept up", time_s,
                       r->too_slow ? "error" : NULL, r->too_slow_why);
    summary_junit_case(stream, "run", "the run was not interrupted", time_s,
                       stopped ? "error" : NULL, r->stop_reason);
    fprintf(stream, "  </testsuite>\n");
    if (report->audit != NULL)
        audit_junit_suite(report->audit, stream);
    fprintf(stream, "</testsuites>\n");
    return output_commit(output, ret_error);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static bool summary_row_in_use(const struct load_report *report, uint32_t row)
{
    return row != MEASURE_TOTAL && measure_all_row(report->result->all, row)->count > 0;
}

static void summary_csv_head(const struct load_report *report, FILE *stream)
{
    fprintf(stream, "begin_s,end_s,warm_up,requests,errors,rate,p50_ms,p90_ms,p99_ms,"
                    "p999_ms,max_ms,lateness_p50_ms,lateness_p99_ms,lateness_max_ms");
    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        fprintf(stream, ",%s", outcome_name(i));
    for (uint32_t i = 0; i < STEP_COUNT; i++)
        if (summary_row_in_use(report, i))
            fprintf(stream, ",%s.requests,%s.errors", step_name(i), step_name(i));
    fputc('\n', stream);
}

static void summary_csv_row(const struct load_report *report,
                            const struct measure_interval *interval, FILE *stream)
{
    const int64_t times_ns[] = {
        interval->p50_ns,          interval->p90_ns,          interval->p99_ns,
        interval->p999_ns,         interval->max_ns,          interval->lateness_p50_ns,
        interval->lateness_p99_ns, interval->lateness_max_ns,
    };
    uint64_t count = interval->count[MEASURE_TOTAL];
    double length_s = (double)(interval->end_ns - interval->begin_ns) / 1e9;

    fprintf(stream, "%s", summary_number("%.9g", (double)interval->begin_ns / 1e9).text);
    fprintf(stream, ",%s", summary_number("%.9g", (double)interval->end_ns / 1e9).text);
    fprintf(stream, ",%d,%" PRIu64 ",%" PRIu64, interval->warm_up, count,
            interval->errors[MEASURE_TOTAL]);
    fprintf(stream, ",%s", summary_number("%.6g", (double)count / length_s).text);
    for (size_t i = 0; i < G_N_ELEMENTS(times_ns); i++) {
        fputc(',', stream); /* nothing where there was no request */
        if (count > 0)
            fprintf(stream, "%s", summary_number("%.6g", (double)times_ns[i] / 1e6).text);
    }
    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        fprintf(stream, ",%" PRIu64, interval->outcome[i]);
    for (uint32_t i = 0; i < STEP_COUNT; i++)
        if (summary_row_in_use(report, i))
            fprintf(stream, ",%" PRIu64 ",%" PRIu64, interval->count[i], interval->errors[i]);
    fputc('\n', stream);
}

gboolean summary_write_csv(const struct load_report *report, const char *path, GError **ret_error)
{
    g_autoptr(Output) output = output_open(path, ret_error);
    const struct measure_all *all = report->result->all;

    if (output == NULL)
        return FALSE;
    summary_csv_head(report, output_stream(output));
    for (uint32_t i = 0; i < measure_all_interval_count(all); i++)
        summary_csv_row(report, measure_all_interval(all, i), output_stream(output));
    return output_commit(output, ret_error);
}

/* ---- HdrHistogram --------------------------------------------------------------------------- */

static void summary_hlog_whole(const struct load_report *report, FILE *stream)
{
    const struct load_result *r = report->result;
    double begin_s = (double)measure_all_warm_up_ns(r->all) / 1e9;
    double length_s = MAX((double)r->elapsed_ns / 1e9 - begin_s, 0);

    for (uint32_t i = 0; i <= MEASURE_TOTAL; i++) {
        const struct measure_row *row = measure_all_row(r->all, i);
        for (uint32_t clock = 0; row->count > 0 && clock < MEASURE_CLOCKS; clock++) {
            g_autofree char *tag =
                g_strdup_printf("%s.%s", i == MEASURE_TOTAL ? "total" : step_name(i),
                                measure_clock_name(clock));
            struct hdr *hdr = hdr_new(row->clock[clock], MEASURE_VALUE_MAX);
            hdr_write_log_line(stream, tag, begin_s, length_s, hdr);
            hdr_free(hdr);
        }
    }
}

static void summary_hlog_series(const struct load_report *report, FILE *stream)
{
    const struct measure_all *all = report->result->all;
    g_autofree struct measure_window *window = g_new(struct measure_window, 1);

    for (uint32_t i = 0; i < measure_all_interval_count(all); i++) {
        const struct measure_interval *interval = measure_all_interval(all, i);
        if (interval->warm_up)
            continue;
        memset(window, 0, sizeof *window);
        measure_all_window_add(all, MEASURE_TOTAL, MEASURE_RESPONSE, i, 1, window);
        struct hdr *hdr = hdr_new_coarse(&window->clock, MEASURE_VALUE_MAX);
        hdr_write_log_line(stream, NULL, (double)interval->begin_ns / 1e9,
                           (double)(interval->end_ns - interval->begin_ns) / 1e9, hdr);
        hdr_free(hdr);
    }
}

gboolean summary_write_hlog(const struct load_report *report, const char *path, GError **ret_error)
{
    g_autoptr(Output) output = output_open(path, ret_error);

    if (output == NULL)
        return FALSE;
    hdr_write_log_head(output_stream(output), report->result->started_unix_us);
    summary_hlog_whole(report, output_stream(output));
    summary_hlog_series(report, output_stream(output));
    return output_commit(output, ret_error);
}

gboolean summary_write_hgrm(const struct load_report *report, const char *path, GError **ret_error)
{
    const struct measure_row *total = measure_all_row(report->result->all, MEASURE_TOTAL);
    g_autoptr(Output) output = output_open(path, ret_error);

    if (output == NULL)
        return FALSE;
    struct hdr *hdr = hdr_new(total->clock[MEASURE_RESPONSE], MEASURE_VALUE_MAX);
    hdr_write_percentiles(output_stream(output), hdr);
    hdr_free(hdr);
    return output_commit(output, ret_error);
}
