/* The order of a load page is that of its reader's questions: did it hold, which thresholds, which
 * steps were slow, do the runs agree, what happened when (pictures), what went wrong, can I do it
 * again. The three clocks always stand together: response alone is what customers feel, service
 * alone is what the service can be blamed for, lateness says how much the generator or a full pool
 * of connections added.
 */
#include "report/load_page.h"

#include "report/audit_section.h"
#include "report/page.h"
#include "report/plots.h"

/* Columns of the tables by step and by run. */
#define STEP_CELLS                                                                                 \
    " printf('%,d', requests) AS \"Requests\","                                                    \
    " printf('%,d', errors) || CASE WHEN errors > 0"                                               \
    "   THEN '\037' || figure(100.0 * errors / requests, NULL, '%') ELSE '' END AS \"Errors\","    \
    " printf('%,d', refused) AS \"Refused\","                                                      \
    " figure(response_p50_ms, NULL, 'ms') AS \"Median\037response\","                              \
    " figure(response_p90_ms, NULL, 'ms') AS \"p90\037response\","                                 \
    " figure(response_p99_ms, NULL, 'ms') AS \"p99\037response\","                                 \
    " figure(response_p999_ms, NULL, 'ms') AS \"p99.9\037response\","                              \
    " figure(response_max_ms, NULL, 'ms') AS \"Longest\037response\","                             \
    " figure(service_p99_ms, NULL, 'ms') AS \"p99\037service\","                                   \
    " figure(lateness_p99_ms, NULL, 'ms') AS \"p99\037lateness\""
#define STEP_SUMS                                                                                  \
    " coalesce(sum(CASE WHEN outcome NOT IN ('ok', 'refused') THEN count END), 0) AS errors,"      \
    " coalesce(sum(CASE outcome WHEN 'refused' THEN count END), 0) AS refused"

static const struct load_table thresholds = {
    .heading = "Thresholds",
    .text_columns = 1 << 0 | 1 << 4 | 1 << 5,
    .sql =
        "SELECT text AS \"Threshold\","
        " CASE WHEN held THEN '\u2713 holds' ELSE '\u2717 broken' END AS \"Verdict\","
        " coalesce(figure(value, NULL, unit), 'no requests') AS \"Measured\","
        " figure(limit_value, NULL, unit) AS \"Limit\","
        " CASE WHEN at_s IS NULL THEN 'whole run' ELSE 'worst from second ' || printf('%g', at_s)"
        " END AS \"Over\","
        " source AS \"Asked by\" FROM threshold ORDER BY threshold.threshold",
};

static const struct load_table runs = {
    .heading = "Run beside run",
    .note = "The first is the one that this page is about.",
    .text_columns = 1 << 0,
    .sql = "SELECT label AS \"Run\"," STEP_CELLS " FROM all_runs JOIN all_load_row USING (run)"
           " LEFT JOIN (SELECT run, step," STEP_SUMS " FROM all_load_outcome GROUP BY run, step)"
           " USING (run, step) WHERE step = '' ORDER BY all_runs.run",
};

static const struct load_table steps = {
    .heading = "By step",
    .note = "Response counts from the moment a request was due, service from its sending, both to "
            "the last byte of the answer; lateness is the time from due to sent. Refusals that the "
            "API map lists (sold out, coupon used up) are no errors.",
    .text_columns = 1 << 0,
    .sql = "SELECT CASE step WHEN '' THEN 'all steps' ELSE replace(step, '_', ' ') END AS "
           "\"Step\"," STEP_CELLS " FROM load_row LEFT JOIN (SELECT step," STEP_SUMS
           " FROM load_outcome"
           " GROUP BY step) USING (step) WHERE requests > 0"
           " ORDER BY step = '' DESC, load_row.rowid",
};

static const struct load_table outcomes = {
    .heading = "How requests ended",
    .note = "Acknowledged: an answer says what happened. Failed: nothing can have happened. "
            "Indeterminate: the service may or may not have done it.",
    .text_columns = 1 << 0 | 1 << 1 | 1 << 4,
    .sql = "SELECT replace(outcome, '_', ' ') AS \"Outcome\", class AS \"Class\","
           " printf('%,d', count) AS \"Requests\","
           " figure(100.0 * count / sum(count) OVER (), NULL, '%') AS \"Share\","
           " (SELECT group_concat(replace(step, '_', ' '), ', ') FROM load_outcome s"
           "   WHERE s.outcome = o.outcome AND s.step <> '') AS \"Steps\""
           " FROM load_outcome o WHERE step = '' ORDER BY count DESC",
};

static const struct load_table probes = {
    .heading = "Probes",
    .note = "In the order of running. A rate holds when the service level and the rate itself do.",
    .text_columns = 1 << 6,
    .sql = "SELECT CASE WHEN rate < 100 THEN figure(rate, NULL, '') ELSE printf('%,d', round(rate))"
           "   END AS \"Journeys\037a second\","
           " CASE WHEN held_rate < 100 THEN figure(held_rate, NULL, '')"
           "   ELSE printf('%,d', round(held_rate)) END AS \"Answered\037requests a second\","
           " figure(p50_ms, NULL, 'ms') AS \"Median\", figure(p99_ms, NULL, 'ms') AS \"p99\","
           " figure(100.0 * errors, NULL, '%') AS \"Errors\","
           " figure(lateness_p99_ms, NULL, 'ms') AS \"p99\037lateness\","
           " CASE WHEN held THEN '\u2713 holds' WHEN too_slow THEN 'generator too slow'"
           " ELSE '\u2717 breaks' END AS \"Verdict\" FROM capacity ORDER BY probe",
};

static const struct load_table counts = {
    .fold = "Journeys, connections and other counts",
    .text_columns = 1 << 0,
    .sql = "SELECT replace(name, '_', ' ') AS \"Count\", printf('%,d', value) AS \"Value\""
           " FROM load_count WHERE value > 0 ORDER BY rowid",
};

static const struct load_table facts = {
    .text_columns = 1 << 0 | 1 << 1,
    .sql =
        "WITH fact(place, name, key, form) AS (VALUES (1, 'Mode', 'mode', NULL),"
        " (2, 'Target', 'target', NULL), (3, 'Plan', 'plan', NULL),"
        " (4, 'API map', 'api', NULL), (5, 'Worker threads', 'threads', ''),"
        " (6, 'Pacing by', 'pace', NULL), (7, 'Processor time in user space', 'cpu_user_s', 's'),"
        " (8, 'Processor time in the kernel', 'cpu_system_s', 's'),"
        " (9, 'Journeys in flight at most', 'journeys_in_flight_max', ''),"
        " (10, 'Requests left out as warm-up', 'warm_up_requests', ''),"
        " (11, 'Outcomes recorded', 'recorded', ''),"
        " (12, 'TLS', 'tls_error_text', NULL), (13, 'omosim', 'version', NULL))"
        " SELECT name AS \"Fact\", CASE WHEN form IS NULL THEN value"
        " ELSE figure(value, NULL, form) END AS \"Value\""
        " FROM fact JOIN load USING (key) WHERE value <> 0 OR form IS NULL ORDER BY place",
};

static gboolean page_answer(Results *results, GString *html, GError **ret_error)
{
    g_autofree char *title =
        results_query_text(results, "SELECT (SELECT value FROM load WHERE key = 'title')", NULL, 0,
                           ret_error);
    g_autofree char *how = results_query_text(
        results,
        "SELECT coalesce((SELECT value FROM load WHERE key = 'mode'), '') || coalesce(', against '"
        " || (SELECT value FROM load WHERE key = 'target'), '')",
        NULL, 0, ret_error);
    g_autofree char *sentence = load_answer(results, ret_error);
    g_autofree char *note = load_answer_note(results, ret_error);
    g_autofree char *audit = audit_section_answer(results, ret_error);
    gboolean audited, violated;

    if (title == NULL || how == NULL || sentence == NULL || note == NULL || audit == NULL ||
        !audit_section_verdict(results, &audited, &violated, ret_error))
        return FALSE;
    page_begin(html, title);
    page_element(html, "<h1>", title[0] != '\0' ? title : "Load run", "</h1>\n");
    page_element(html, "<p class=\"question\">", how, "</p>\n");
    g_string_append(html, "<div class=\"answer\">\n");
    page_element(html, "<p>", sentence, "</p>\n");
    page_element(html, "<p>", note, "</p>\n");
    if (!violated)
        page_element(html, "<p>", audit, "</p>\n");
    g_string_append(html, "</div>\n");
    if (violated)
        page_element(html, "<p class=\"warning\">\u2717 ", audit, "</p>\n");
    return TRUE;
}

static gboolean page_again(Results *results, GString *html, GError **ret_error)
{
    g_autofree char *command =
        results_query_text(results, "SELECT (SELECT value FROM load WHERE key = 'command')", NULL,
                           0, ret_error);

    if (command == NULL)
        return FALSE;
    g_string_append(html, "<h2>To do this again</h2>\n");
    page_element(html, "<pre><code>", command, "</code></pre>\n");
    return load_table_write(results, &facts, html, ret_error);
}

/* A broken promise weighs more than any figure, so it stands before them; kept ones stand behind. */
static gboolean page_audit(Results *results, const GPtrArray *plots, gboolean violated,
                           GString *html, GError **ret_error)
{
    gboolean is_audited, is_violated;

    return audit_section_verdict(results, &is_audited, &is_violated, ret_error) &&
           (is_violated != violated || audit_section_write(results, plots, html, ret_error));
}

gboolean load_page_write(Results *results, uint32_t run_count, const GPtrArray *plots,
                         const GPtrArray *audit_plots, GString *html, GError **ret_error)
{
    if (!page_answer(results, html, ret_error) ||
        !page_audit(results, audit_plots, TRUE, html, ret_error) ||
        !load_table_write(results, &thresholds, html, ret_error) ||
        (run_count > 1 && !load_table_write(results, &runs, html, ret_error)) ||
        !load_table_write(results, &steps, html, ret_error) ||
        !page_audit(results, audit_plots, FALSE, html, ret_error))
        return FALSE;
    page_plots(html, "What happened", plots, NULL);
    if (!load_table_write(results, &probes, html, ret_error) ||
        !load_table_write(results, &outcomes, html, ret_error) ||
        !load_table_write(results, &counts, html, ret_error) ||
        !page_again(results, html, ret_error))
        return FALSE;
    page_end(html);
    return TRUE;
}
