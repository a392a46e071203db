/* The summary of a load run for people: one screen.
 *
 * Order follows the reader's questions: what was run, did the rate hold, what went wrong, how long did
 * it take, did the generator keep up, and last, where a terminal leaves the eye, the verdict in a
 * plain sentence. Response, service and lateness of the total stand together, because each of them
 * alone misleads: a short service time beside a long response is a queue in front of the service, a
 * long lateness is ours or the connections'.
 *
 * Lines keep to SUMMARY_WIDTH columns; long lists continue on the next line.
 */
#include "replay/summary.h"

#include "replay/figure.h"
#include "shell/diagnostic.h"
#include "shell/table.h"

#include <math.h>
#include <string.h>

#define SUMMARY_WIDTH 100
#define SUMMARY_LABEL 15 /* columns of the words on the left, margin included */

static const char *const summary_green = "\033[32m", *const summary_red = "\033[31m",
                         *const summary_yellow = "\033[33m", *const summary_bold = "\033[1m",
                         *const summary_off = "\033[0m";

enum load_verdict load_verdict(const struct load_report *report)
{
    bool broken = false, aborted = false;

    for (uint32_t i = 0; i < report->finding_count; i++) {
        broken = broken || !report->findings[i].held;
        aborted = aborted || (!report->findings[i].held && report->findings[i].abort);
    }
    if (report->result->interrupted && !aborted)
        return LOAD_INTERRUPTED;
    if (report->result->too_slow)
        return LOAD_TOO_SLOW;
    return broken ? LOAD_FAILED : LOAD_PASSED;
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* A line "  label     item, item, ...": items go to further lines when they don't fit. */
struct summary_line {
    GString *text;
    uint32_t column;
    bool empty;
};

static struct summary_line summary_begin(GString *text, const char *label)
{
    g_string_append_printf(text, "  %-*s", SUMMARY_LABEL - 2, label);
    return (struct summary_line){.text = text, .column = SUMMARY_LABEL, .empty = true};
}

G_GNUC_PRINTF(2, 3)
static void summary_item(struct summary_line *line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *item = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    uint32_t width = table_text_width(item);
    if (!line->empty)
        g_string_append_c(line->text, ',');
    if (!line->empty && line->column + 2 + width + 1 > SUMMARY_WIDTH) {
        g_string_append_printf(line->text, "\n%*s", SUMMARY_LABEL, "");
        line->column = SUMMARY_LABEL;
    } else if (!line->empty) {
        g_string_append_c(line->text, ' ');
        line->column += 2;
    }
    g_string_append(line->text, item);
    line->column += width;
    line->empty = false;
}

/* "1 request", "1,204 requests". */
static void summary_item_count(struct summary_line *line, uint64_t count, const char *one,
                               const char *many)
{
    summary_item(line, "%s %s", figure_count(count).text, count == 1 ? one : many);
}

static void summary_end(const struct summary_line *line) { g_string_append_c(line->text, '\n'); }

/* Breaks a sentence at blanks; lines after the first begin with `indent` blanks. */
static void summary_sentence(GString *text, uint32_t column, uint32_t indent, const char *sentence)
{
    g_auto(GStrv) words = g_strsplit(sentence, " ", -1);

    for (char **word = words; *word != NULL; word++) {
        uint32_t width = table_text_width(*word);
        if (word != words && column + 1 + width > SUMMARY_WIDTH) {
            g_string_append_printf(text, "\n%*s", (int)indent, "");
            column = indent;
        } else if (word != words) {
            g_string_append_c(text, ' ');
            column++;
        }
        g_string_append(text, *word);
        column += width;
    }
    g_string_append_c(text, '\n');
}

/* ---- parts ---------------------------------------------------------------------------------- */

static bool summary_is_closed(const struct load_report *report)
{
    return g_str_has_prefix(report->mode, "closed");
}

static void summary_head(const struct load_report *report, bool colour, GString *text)
{
    const struct load_result *r = report->result;
    int64_t warm_up_ns = measure_all_warm_up_ns(r->all);

    g_string_append(text, colour ? summary_bold : "");
    g_string_append(text, report->title);
    g_string_append(text, colour ? summary_off : "");
    if (report->api != NULL)
        g_string_append_printf(text, " as %s", report->api);
    g_string_append_c(text, '\n');
    struct summary_line line = summary_begin(text, "to");
    for (const char *const *target = report->targets; target != NULL && *target != NULL; target++)
        summary_item(&line, "%s", *target);
    summary_end(&line);
    line = summary_begin(text, "how");
    summary_item(&line, "%s", report->mode);
    summary_item(&line, "%u thread%s", r->threads, r->threads == 1 ? "" : "s");
    summary_item(&line, "%s", figure_time((double)r->elapsed_ns).text);
    if (warm_up_ns > 0)
        summary_item(&line, "the first %s (%s requests) left out as warm-up",
                     figure_time((double)warm_up_ns).text,
                     figure_count(measure_all_warm_up_requests(r->all)).text);
    summary_end(&line);
    if (summary_is_closed(report)) {
        g_string_append(text, colour ? summary_yellow : "");
        g_string_append(text, "  closed loop  ");
        summary_sentence(text, 15, 15,
                         "users who wait for an answer ask nothing meanwhile: a stall shows in few "
                         "requests here, where waiting customers would see it in all. Judge a "
                         "service by an open-loop run.");
        g_string_append(text, colour ? summary_off : "");
    }
}

static void summary_requests(const struct load_report *report, GString *text)
{
    const struct load_result *r = report->result;
    const struct measure_row *total = measure_all_row(r->all, MEASURE_TOTAL);
    uint64_t errors = 0;
    struct summary_line line = summary_begin(text, "requests");

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        errors += outcome_is_error(i) ? total->outcome[i] : 0;
    summary_item(&line, "%s", figure_count(total->count).text);
    summary_item(&line, "%s asked", figure_rate(r->asked_rate).text);
    summary_item(&line, "%s held", figure_rate(r->held_rate).text);
    if (total->outcome[OUTCOME_refused] > 0)
        summary_item(&line, "%s refused as the API map allows",
                     figure_count(total->outcome[OUTCOME_refused]).text);
    summary_end(&line);

    line = summary_begin(text, "errors");
    if (errors == 0)
        summary_item(&line, "none");
    else
        summary_item(&line, "%s (%s)", figure_count(errors).text,
                     figure_share((double)errors / (double)total->count).text);
    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        if (outcome_is_error(i) && total->outcome[i] > 0)
            summary_item(&line, "%s %s", figure_count(total->outcome[i]).text, outcome_name(i));
    if (r->tls_error_text != NULL)
        summary_item(&line, "last TLS error: %s%s", r->tls_error_text,
                     strstr(r->tls_error_text, "certificate") != NULL
                         ? " (--ca FILE.pem trusts it, --insecure any)"
                         : "");
    summary_end(&line);

    line = summary_begin(text, "statuses");
    for (uint32_t i = 0; i < MEASURE_STATUS_MAX; i++) {
        uint64_t count = measure_all_status(r->all, i);
        if (count > 0)
            summary_item(&line, "%u x %s", i, figure_count(count).text);
    }
    if (line.empty)
        summary_item(&line, "none");
    summary_end(&line);
}

static void summary_times(Table *table, const omo_histogram *h)
{
    static const uint32_t shares_ppm[] = {500000, 900000, 990000, 999000};
    bool any = h != NULL && omo_histogram_count(h) > 0;

    for (size_t i = 0; i < G_N_ELEMENTS(shares_ppm); i++)
        table_add(table, any ? figure_time((double)MIN(omo_histogram_quantile(h, shares_ppm[i]),
                                                       omo_histogram_max(h)))
                                   .text
                             : "-");
    table_add(table, any ? figure_time((double)omo_histogram_max(h)).text : "-");
}

static void summary_table(const struct load_report *report, bool colour, GString *text)
{
    static const char *const headings[] = {"requests", "errors", "p50", "p90",
                                           "p99",      "p99.9",  "max"};
    const struct measure_all *all = report->result->all;
    const struct measure_row *total = measure_all_row(all, MEASURE_TOTAL);
    g_autoptr(Table) table = table_new();

    table_column(table, "  response time", TABLE_LEFT);
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++)
        table_column(table, headings[i], TABLE_RIGHT);
    for (uint32_t i = 0; i <= MEASURE_TOTAL; i++) {
        const struct measure_row *row = measure_all_row(all, i);
        uint64_t errors = 0;
        if (i != MEASURE_TOTAL && (row->count == 0 || row->count == total->count))
            continue; /* nothing, or the total over again */
        for (uint32_t o = 0; o < OUTCOME_COUNT; o++)
            errors += outcome_is_error(o) ? row->outcome[o] : 0;
        table_add_format(table, "  %s", i == MEASURE_TOTAL ? "all: response" : step_name(i));
        table_add(table, figure_count(row->count).text);
        table_add(table, figure_count(errors).text);
        summary_times(table, row->clock[MEASURE_RESPONSE]);
    }
    for (uint32_t clock = MEASURE_SERVICE; clock <= MEASURE_LATENESS; clock++) {
        table_add(table, clock == MEASURE_SERVICE ? "  all: service (sent to answered)"
                                                  : "  all: lateness (due to sent)");
        table_add(table, "");
        table_add(table, "");
        summary_times(table, total->clock[clock]);
    }
    g_string_append_c(text, '\n');
    table_write(table, colour, text);
    g_string_append_c(text, '\n');
}

static void summary_journeys(const struct load_report *report, GString *text)
{
    static const struct {
        enum measure_count what;
        const char *words;
    } counts[] = {
        {MEASURE_LOG_INS, "log-ins"},
        {MEASURE_LOG_INS_SAVED, "saved by open sessions"},
        {MEASURE_SESSIONS_LOST, "sessions lost to lack of room"},
        {MEASURE_SKIPPED_STEPS, "steps without a request in the API map"},
    };
    const struct load_result *r = report->result;
    struct summary_line line = summary_begin(text, "journeys");

    summary_item(&line, "%s started",
                 figure_count(measure_all_journeys(r->all, MEASURE_STARTED)).text);
    summary_item(&line, "%s completed",
                 figure_count(measure_all_journeys(r->all, MEASURE_COMPLETED)).text);
    summary_item(&line, "%s refused",
                 figure_count(measure_all_journeys(r->all, MEASURE_REFUSED)).text);
    summary_item(&line, "%s failed",
                 figure_count(measure_all_journeys(r->all, MEASURE_FAILED)).text);
    if (measure_all_journeys(r->all, MEASURE_CUT_OFF) > 0)
        summary_item(&line, "%s cut off",
                     figure_count(measure_all_journeys(r->all, MEASURE_CUT_OFF)).text);
    if (measure_all_count(r->all, MEASURE_SHED_JOURNEYS) > 0)
        summary_item(&line, "%s not started for lack of room",
                     figure_count(measure_all_count(r->all, MEASURE_SHED_JOURNEYS)).text);
    summary_item(&line, "%s at most at a time", figure_count(r->journeys_in_flight_max).text);
    summary_end(&line);

    line = summary_begin(text, "sessions");
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        uint64_t count = measure_all_count(r->all, counts[i].what);
        if (count > 0)
            summary_item(&line, "%s %s", figure_count(count).text, counts[i].words);
    }
    if (line.empty)
        g_string_truncate(text, text->len - SUMMARY_LABEL);
    else
        summary_end(&line);
}

static void summary_network(const struct load_report *report, GString *text)
{
    const struct measure_all *all = report->result->all;
    struct summary_line line = summary_begin(text, "connections");

    summary_item(&line, "%s opened", figure_count(measure_all_count(all, MEASURE_CONNECTS)).text);
    summary_item(&line, "%s sent", figure_bytes(measure_all_count(all, MEASURE_BYTES_OUT)).text);
    summary_item(&line, "%s received", figure_bytes(measure_all_count(all, MEASURE_BYTES_IN)).text);
    if (measure_all_count(all, MEASURE_GZIP) > 0)
        summary_item_count(&line, measure_all_count(all, MEASURE_GZIP), "gzip answer",
                           "gzip answers");
    if (measure_all_count(all, MEASURE_RETRIES) > 0)
        summary_item_count(&line, measure_all_count(all, MEASURE_RETRIES), "retry", "retries");
    if (measure_all_count(all, MEASURE_REDIRECTS) > 0)
        summary_item_count(&line, measure_all_count(all, MEASURE_REDIRECTS), "redirect followed",
                           "redirects followed");
    if (measure_all_count(all, MEASURE_RESENT) > 0)
        summary_item(&line, "%s sent again on a new connection",
                     figure_count(measure_all_count(all, MEASURE_RESENT)).text);
    if (report->result->recorded > 0)
        summary_item_count(&line, report->result->recorded, "outcome recorded",
                           "outcomes recorded");
    summary_end(&line);
}

static void summary_generator(const struct load_report *report, GString *text)
{
    const struct load_result *r = report->result;
    uint64_t requests =
        measure_all_requests(r->all, MEASURE_TOTAL) + measure_all_warm_up_requests(r->all);
    double cpu_s = r->cpu.user_s + r->cpu.system_s;
    struct summary_line line = summary_begin(text, "generator");

    if (r->own_lateness != NULL && omo_histogram_count(r->own_lateness) > 0) {
        summary_item(&line, "own lateness p50 %s",
                     figure_time((double)omo_histogram_quantile(r->own_lateness, 500000)).text);
        summary_item(&line, "p99 %s",
                     figure_time((double)omo_histogram_quantile(r->own_lateness, 990000)).text);
        summary_item(&line, "max %s", figure_time((double)omo_histogram_max(r->own_lateness)).text);
    }
    if (r->elapsed_ns > 0)
        summary_item(&line, "CPU %s of a processor",
                     figure_share(cpu_s * 1e9 / (double)r->elapsed_ns).text);
    if (requests > 0)
        summary_item(&line, "%s a request", figure_time(cpu_s * 1e9 / (double)requests).text);
    summary_item(&line, "%s pacing", r->pace);
    summary_item(&line, "%s",
                 figure_bytes(r->journey_memory + r->session_memory + r->link_memory).text);
    if (measure_all_late_records(r->all) > 0)
        summary_item(&line, "%s requests in another interval than theirs",
                     figure_count(measure_all_late_records(r->all)).text);
    summary_end(&line);
}

/* ---- thresholds and verdict ----------------------------------------------------------------- */

/* "58% above", or nothing where there is no sensible share. */
static char *summary_distance(const struct threshold_finding *f)
{
    double share = (f->value - f->limit) / f->limit;

    if (f->held || isnan(f->value) || f->limit == 0 || fabs(share) < 0.0005)
        return g_strdup("");
    if (share > 10)
        return g_strdup_printf(", %s times the limit", figure_number(f->value / f->limit).text);
    return g_strdup_printf(", %s %s", figure_share(fabs(share)).text,
                           share > 0 ? "above" : "below");
}

static void summary_thresholds(const struct load_report *report, bool colour, GString *text)
{
    uint32_t width = 0;

    for (uint32_t i = 0; i < report->finding_count; i++)
        width = MAX(width, table_text_width(report->findings[i].text));
    width = MIN(width, 48);
    for (uint32_t i = 0; i < report->finding_count; i++) {
        const struct threshold_finding *f = &report->findings[i];
        g_autofree char *distance = summary_distance(f);
        g_string_append_printf(text, "  %s%s%s  %s%*s  %s%s",
                               !colour   ? ""
                               : f->held ? summary_green
                                         : summary_red,
                               f->held ? "held  " : "BROKEN", colour ? summary_off : "", f->text,
                               MAX(0, (int)width - (int)table_text_width(f->text)), "",
                               f->value_text, distance);
        if (!isnan(f->at_s))
            g_string_append_printf(text, ", from second %s on", figure_number(f->at_s).text);
        if (f->abort)
            g_string_append(text, ": the run was ended");
        g_string_append_c(text, '\n');
    }
    if (report->finding_count > 0)
        g_string_append_c(text, '\n');
}

char *load_verdict_text(const struct load_report *report)
{
    const struct load_result *r = report->result;
    uint32_t broken = 0;
    const struct threshold_finding *first = NULL;

    for (uint32_t i = report->finding_count; i > 0; i--)
        if (!report->findings[i - 1].held) {
            broken++;
            first = &report->findings[i - 1];
        }
    switch (load_verdict(report)) {
    case LOAD_INTERRUPTED:
        return g_strdup_printf("INTERRUPTED after %s (%s): the figures are of what was done until "
                               "then",
                               figure_time((double)r->elapsed_ns).text,
                               r->stop_reason == NULL ? "asked to stop" : r->stop_reason);
    case LOAD_TOO_SLOW:
        return g_strdup_printf("GENERATOR TOO SLOW: %s. The figures say more about this machine "
                               "than about the service",
                               r->too_slow_why);
    case LOAD_FAILED: {
        g_autofree char *distance = summary_distance(first);
        return g_strdup_printf("FAILED: %u of %u threshold%s broken: %s (%s%s)%s", broken,
                               report->finding_count, report->finding_count == 1 ? "" : "s",
                               first->text, first->value_text, distance,
                               broken > 1 ? " and others" : "");
    }
    default:
        if (report->finding_count == 0)
            return g_strdup("PASSED: the generator kept up, no thresholds were given");
        if (report->finding_count == 1)
            return g_strdup("PASSED: the threshold held");
        return g_strdup_printf("PASSED: all %u thresholds held", report->finding_count);
    }
}

void summary_print(const struct load_report *report, FILE *stream)
{
    static const char *const *const colours[] = {
        [LOAD_PASSED] = &summary_green,
        [LOAD_FAILED] = &summary_red,
        [LOAD_TOO_SLOW] = &summary_yellow,
        [LOAD_INTERRUPTED] = &summary_yellow,
    };
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *verdict = load_verdict_text(report);
    bool colour = diagnostic_use_colour(stream);

    summary_head(report, colour, text);
    g_string_append_c(text, '\n');
    summary_requests(report, text);
    summary_table(report, colour, text);
    summary_journeys(report, text);
    summary_network(report, text);
    summary_generator(report, text);
    g_string_append_c(text, '\n');
    summary_thresholds(report, colour, text);
    g_string_append(text, colour ? *colours[load_verdict(report)] : "");
    g_string_append(text, colour ? summary_bold : "");
    summary_sentence(text, 0, 4, verdict);
    g_string_append(text, colour ? summary_off : "");
    fwrite(text->str, 1, text->len, stream);
}
