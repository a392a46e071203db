/* The order is that of a reader who has just heard that units were sold twice: what was promised and
 * which promises were broken, when it happened (pictures), the proof, what could not be told. An
 * invariant is told in two ways, its title and a sentence of what it says, because nobody knows our
 * names for them.
 *
 * Evidence is cut to EVIDENCE_MAX findings of an invariant, the worst; the record has more of them.
 */
#include "report/audit_section.h"

#include "report/load_page.h"
#include "report/page.h"

#define EVIDENCE_MAX "5"

static const char answer_sql[] =
    "WITH a AS (SELECT count(*) AS asked, sum(verdict = 'holds') AS held,"
    "   sum(verdict = 'violated') AS broken, sum(verdict = 'cannot tell') AS open FROM audit),"
    " worst AS (SELECT title, violations FROM audit WHERE verdict = 'violated'"
    "   ORDER BY rowid LIMIT 1)"
    " SELECT CASE"
    " WHEN broken > 0 THEN 'The service did not keep its books: '"
    "   || (SELECT '\u201c' || title || '\u201d is violated' || CASE violations WHEN 1 THEN ' once'"
    "     ELSE printf(' %,d times', violations) END FROM worst)"
    "   || CASE broken WHEN 1 THEN '.' WHEN 2 THEN ', and one more of its promises is broken.'"
    "     ELSE ', and ' || (broken - 1) || ' more of its promises are broken.' END"
    " WHEN held = 0 THEN 'There was nothing to judge the service by.'"
    " WHEN open > 0 THEN 'The service kept its books as far as can be told: ' || held || ' of '"
    "   || asked || ' invariants hold, ' || open || ' cannot be told.'"
    " ELSE 'The service kept its books: all ' || asked || ' invariants hold.' END FROM a"
    " WHERE asked > 0";

static const char note_sql[] =
    "WITH f AS (SELECT max(CASE key WHEN 'requests' THEN value END) AS requests,"
    "   max(CASE key WHEN 'done' THEN value END) AS done,"
    "   max(CASE key WHEN 'not_done' THEN value END) AS not_done,"
    "   max(CASE key WHEN 'open' THEN value END) AS open,"
    "   max(CASE key WHEN 'orders_asked' THEN value END) AS asked,"
    "   max(CASE key WHEN 'orders_done' THEN value END) AS placed,"
    "   max(CASE key WHEN 'orders_in_books' THEN value END) AS books FROM audit_fact)"
    " SELECT 'Judged by what clients were told and by the service''s own books: '"
    "   || printf('%,d', requests) || ' requests (' || printf('%,d', done)"
    "   || ' acknowledged, ' || printf('%,d', not_done) || ' certainly not done, '"
    "   || printf('%,d', open) || ' may or may not have happened), ' || printf('%,d', asked)"
    "   || ' orders asked for, ' || printf('%,d', placed) || ' of them confirmed, '"
    "   || printf('%,d', books) || ' new in the books.' FROM f WHERE requests IS NOT NULL";

static const struct load_table invariants = {
    .heading = "Did it keep its books?",
    .note =
        "Violated only where no choice of what may have happened fits the books. An open key is "
        "one that requests without a clear answer have touched.",
    .text_columns = 1 << 0 | 1 << 1,
    .sql =
        "SELECT title || '\037' || text AS \"Promise\","
        " CASE verdict WHEN 'holds' THEN '\u2713 holds' WHEN 'violated' THEN '\u2717 violated'"
        "   ELSE 'cannot tell' || coalesce('\037' || nullif(missing, ''), '') END AS \"Verdict\","
        " printf('%,d', checked) AS \"Checked\","
        " CASE open WHEN 0 THEN '' ELSE printf('%,d', open) END AS \"Open\","
        " CASE violations WHEN 0 THEN '' ELSE printf('%,d', violations) END AS \"Violations\""
        " FROM audit ORDER BY verdict = 'violated' DESC, rowid",
};

static const char evidence_sql[] =
    "SELECT subject AS \"What\","
    " text || coalesce('\037' || nullif(requests, ''), '') AS \"Found\","
    " CASE WHEN at_us IS NULL THEN 'in the books' ELSE printf('%.3f s', at_us / 1e6) END"
    "   AS \"Since\" FROM audit_finding WHERE invariant = :invariant ORDER BY rank"
    " LIMIT " EVIDENCE_MAX;

static const struct load_table missing = {
    .fold = "What was not there to tell by",
    .text_columns = 1 << 0 | 1 << 1,
    .sql = "SELECT title AS \"Invariant\", missing AS \"Missing\" FROM audit"
           " WHERE missing <> '' ORDER BY rowid",
};

static const struct load_table hooks = {
    .heading = "What was done to the service meanwhile",
    .text_columns = 1 << 1 | 1 << 2,
    .sql = "SELECT printf('%.3f s', at_us / 1e6) AS \"When\", what AS \"What\","
           " detail AS \"Detail\" FROM audit_hook ORDER BY at_us",
};

static const struct load_table facts = {
    .text_columns = 1 << 0 | 1 << 1,
    .sql = "WITH fact(place, name, key) AS (VALUES (1, 'Plan', 'plan'), (2, 'Target', 'target'),"
           " (3, 'API map', 'api'), (4, 'Started', 'started'))"
           " SELECT name AS \"Fact\", value AS \"Value\" FROM fact JOIN record_run USING (key)"
           " ORDER BY place",
};

gboolean audit_section_verdict(Results *results, gboolean *ret_audited, gboolean *ret_violated,
                               GError **ret_error)
{
    g_autofree char *counts = results_query_text(
        results,
        "SELECT CASE count(*) WHEN 0 THEN '' WHEN sum(verdict <> 'violated') THEN 'fine'"
        " ELSE 'violated' END FROM audit",
        NULL, 0, ret_error);

    if (counts == NULL)
        return FALSE;
    *ret_audited = counts[0] != '\0';
    *ret_violated = g_str_equal(counts, "violated");
    return TRUE;
}

char *audit_section_answer(Results *results, GError **ret_error)
{
    return results_query_text(results, answer_sql, NULL, 0, ret_error);
}

/* Findings of one invariant. */
static gboolean write_evidence(Results *results, const char *invariant, const char *title,
                               GString *html, GError **ret_error)
{
    const struct results_parameter parameter = {.name = "invariant", .text = invariant};
    const struct load_table table = {.text_columns = 1 << 0 | 1 << 1,
                                     .sql = evidence_sql,
                                     .parameters = &parameter,
                                     .parameter_count = 1};
    g_autofree char *more = results_query_text(results,
                                               "SELECT CASE WHEN violations > " EVIDENCE_MAX
                                               " THEN printf('%,d more of these; the record"
                                               " tells the worst.', violations - " EVIDENCE_MAX
                                               ") ELSE '' END FROM audit"
                                               " WHERE invariant = :invariant",
                                               &parameter, 1, ret_error);

    if (more == NULL)
        return FALSE;
    page_element(html, "<h3 class=\"worse\">\u2717 ", title, "</h3>\n");
    if (!load_table_write(results, &table, html, ret_error))
        return FALSE;
    page_element(html, "<p class=\"note\">", more, "</p>\n");
    return TRUE;
}

static gboolean write_all_evidence(Results *results, GString *html, GError **ret_error)
{
    uint32_t columns;
    g_autoptr(GPtrArray) cells = results_query_cells(
        results, "SELECT invariant, title FROM audit WHERE verdict = 'violated' ORDER BY rowid",
        NULL, 0, &columns, ret_error);

    if (cells == NULL)
        return FALSE;
    if (cells->len > columns)
        g_string_append(html, "<h2>The evidence</h2>\n");
    for (guint i = columns; i < cells->len; i += columns)
        if (!write_evidence(results, g_ptr_array_index(cells, i), g_ptr_array_index(cells, i + 1),
                            html, ret_error))
            return FALSE;
    return TRUE;
}

static gboolean write_notes(Results *results, GString *html, GError **ret_error)
{
    g_autofree char *notes = results_query_text(
        results,
        "SELECT group_concat(upper(substr(value, 1, 1)) || substr(value, 2) || '.', ' ')"
        " FROM (SELECT value FROM audit_fact WHERE key = 'note' ORDER BY rowid)",
        NULL, 0, ret_error);

    if (notes == NULL)
        return FALSE;
    page_element(html, "<p class=\"note\">", notes, "</p>\n");
    return TRUE;
}

gboolean audit_section_write(Results *results, const GPtrArray *plots, GString *html,
                             GError **ret_error)
{
    gboolean audited, violated;

    if (!audit_section_verdict(results, &audited, &violated, ret_error))
        return FALSE;
    if (!audited)
        return TRUE;
    if (!load_table_write(results, &invariants, html, ret_error) ||
        !write_notes(results, html, ret_error))
        return FALSE;
    page_plots(html, violated ? "When it happened" : "Meanwhile", plots, NULL);
    return load_table_write(results, &hooks, html, ret_error) &&
           write_all_evidence(results, html, ret_error) &&
           load_table_write(results, &missing, html, ret_error);
}

gboolean audit_page_write(Results *results, const GPtrArray *plots, GString *html,
                          GError **ret_error)
{
    g_autofree char *title =
        results_query_text(results,
                           "SELECT 'Audit of ' || value FROM record_run WHERE key = 'plan'", NULL,
                           0, ret_error);
    g_autofree char *target =
        results_query_text(results,
                           "SELECT 'against ' || value FROM record_run WHERE key = 'target'", NULL,
                           0, ret_error);
    g_autofree char *answer = audit_section_answer(results, ret_error);
    g_autofree char *note = results_query_text(results, note_sql, NULL, 0, ret_error);

    if (title == NULL || target == NULL || answer == NULL || note == NULL)
        return FALSE;
    page_begin(html, title[0] != '\0' ? title : "Audit");
    page_element(html, "<h1>", title[0] != '\0' ? title : "Audit", "</h1>\n");
    page_element(html, "<p class=\"question\">", target, "</p>\n");
    g_string_append(html, "<div class=\"answer\">\n");
    page_element(html, "<p>", answer, "</p>\n");
    page_element(html, "<p>", note, "</p>\n");
    g_string_append(html, "</div>\n");
    if (!audit_section_write(results, plots, html, ret_error))
        return FALSE;
    g_string_append(html, "<h2>The run</h2>\n");
    if (!load_table_write(results, &facts, html, ret_error))
        return FALSE;
    page_end(html);
    return TRUE;
}
