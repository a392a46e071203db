/* The headline: the few measures that decide, one row a point.
 *
 * Each cell has the mean with its interval, and under it the paired difference to the first point,
 * marked better or worse by sign, word and colour. The interval of a mean says how sure its level
 * is; the interval of the difference, which is narrower because the customers are the same, says
 * whether two points differ. Two points whose intervals overlap may still differ for certain.
 *
 * Measures that no point has a value for are left out; the objective always comes first. A queueing
 * network has none of the others: there the times in the system and the utilisations stand for them.
 */
#include <math.h>
#include <string.h>

#include "report/page.h"

static const char *const headline_measures[] = {"profit",         "net_sales",  "fill_rate",
                                                "oversold_units", "lost_sales", "lead_time"};

/* Of a queueing network: each column of these. */
static const char *const headline_bases[] = {"W", "utilisation"};

#define HEADLINE_COUNT_MAX (G_N_ELEMENTS(headline_measures) + 1)

struct headline {
    uint32_t column[HEADLINE_COUNT_MAX];
    struct format_unit unit[HEADLINE_COUNT_MAX];
    uint32_t count;
};

/* Adds a measure that the result has values for and that is not there yet. */
static gboolean headline_add(const struct finding *finding, struct headline *headline,
                             int64_t column, GError **ret_error)
{
    gboolean wanted = FALSE;

    for (uint32_t i = 0; column >= 0 && i < headline->count; i++)
        if (headline->column[i] == column)
            return TRUE;
    for (uint32_t i = 0; column >= 0 && !wanted && i < finding->shown_count; i++) {
        omo_summary s;
        if (!results_summary(finding->results, finding->shown[i], (uint32_t)column, &s, ret_error))
            return FALSE;
        wanted = isfinite(s.mean);
    }
    if (!wanted)
        return TRUE;
    if (!finding_unit(finding, (uint32_t)column, &headline->unit[headline->count], ret_error))
        return FALSE;
    headline->column[headline->count++] = (uint32_t)column;
    return TRUE;
}

static gboolean headline_choose(const struct finding *finding, struct headline *headline,
                                GError **ret_error)
{
    if (!headline_add(finding, headline, finding->objective, ret_error))
        return FALSE;
    for (size_t b = 0; b < G_N_ELEMENTS(headline_bases); b++)
        for (uint32_t i = 0; i < results_column_count(finding->results); i++) {
            const struct results_column *c = results_get_column(finding->results, i);
            const bool plain = c->channel[0] == '\0' || strchr(c->channel, '.') != NULL;
            if (!plain && strcmp(c->base, headline_bases[b]) == 0 &&
                headline->count < HEADLINE_COUNT_MAX &&
                !headline_add(finding, headline, i, ret_error))
                return FALSE;
        }
    for (size_t i = 0; i < G_N_ELEMENTS(headline_measures); i++)
        if (!headline_add(finding, headline,
                          results_find_column(finding->results, headline_measures[i]), ret_error))
            return FALSE;
    return TRUE;
}

static void headline_write_heads(const struct finding *finding, const struct headline *headline,
                                 GString *html)
{
    g_string_append(html, "<thead><tr><th>Design point</th>");
    for (uint32_t i = 0; i < headline->count; i++) {
        const struct results_column *column =
            results_get_column(finding->results, headline->column[i]);
        g_autofree char *name = format_name(column->name);
        g_autofree char *definition = format_html(column->definition);
        g_string_append_printf(html, "<th title=\"%s\">", definition);
        page_text(html, name);
        g_string_append(html, "<small>");
        page_text(html, headline->unit[i].suffix);
        g_string_append_printf(html, "%s</small></th>",
                               column->direction > 0   ? " \u2191 better"
                               : column->direction < 0 ? " \u2193 better"
                                                       : "");
    }
    g_string_append(html, "</tr></thead>\n");
}

static gboolean headline_write_row(const struct finding *finding, const struct headline *headline,
                                   uint32_t point, GString *html, GError **ret_error)
{
    g_string_append(html, "<tr><th>");
    page_point(finding, html, point);
    if (point == finding->winner && finding->objective >= 0 && finding->runner != finding->winner)
        g_string_append(html, "<small>\u2605 best by the objective</small>");
    g_string_append(html, "</th>");
    for (uint32_t i = 0; i < headline->count; i++) {
        uint32_t column = headline->column[i];
        omo_summary s, d;
        if (!results_summary(finding->results, point, column, &s, ret_error) ||
            !results_paired(finding->results, point, 0, column, &d, ret_error))
            return FALSE;
        g_string_append(html, "<td>");
        page_summary(html, s, &headline->unit[i]);
        if (point != 0)
            page_difference(html, d, results_get_column(finding->results, column)->direction,
                            &headline->unit[i]);
        g_string_append(html, "</td>");
    }
    g_string_append(html, "</tr>\n");
    return TRUE;
}

static void headline_write_note(const struct finding *finding, GString *html)
{
    const struct results_meta *meta = results_get_meta(finding->results);

    g_string_append_printf(html,
                           "<p class=\"note\">Means over %u replication%s with the half-width of "
                           "their 95\u00a0%% interval.",
                           meta->replications, meta->replications == 1 ? "" : "s");
    if (finding->shown_count > 1) {
        g_string_append(html, " In colour: difference to ");
        page_text(html, results_get_point(finding->results, 0)->label);
        g_string_append(html, " on the same customers (paired); \u2713 better, \u2717 worse, "
                              "\u2248 not to be told apart.");
    }
    if (finding->shown_count < results_point_count(finding->results))
        g_string_append_printf(html, " Shown are the first and the best %u of %u points.",
                               finding->shown_count - 1, results_point_count(finding->results));
    g_string_append(html, "</p>\n");
}

gboolean headline_write(const struct finding *finding, GString *html, GError **ret_error)
{
    struct headline headline = {.count = 0};

    if (!headline_choose(finding, &headline, ret_error))
        return FALSE;
    g_string_append_printf(html,
                           "<section>\n<h2>%s</h2>\n<div class=\"box\">"
                           "<table class=\"headline\">\n",
                           finding->shown_count > 1 ? "The points compared" : "In numbers");
    headline_write_heads(finding, &headline, html);
    g_string_append(html, "<tbody>\n");
    for (uint32_t i = 0; i < finding->shown_count; i++)
        if (!headline_write_row(finding, &headline, finding->shown[i], html, ret_error))
            return FALSE;
    g_string_append(html, "</tbody></table></div>\n");
    headline_write_note(finding, html);
    g_string_append(html, "</section>\n");
    return TRUE;
}

gboolean headline_write_rest(const struct finding *finding, GString *html, GError **ret_error)
{
    uint32_t count = results_point_count(finding->results);
    uint32_t column = (uint32_t)finding->objective;
    g_autofree char *name = NULL;
    struct format_unit unit;

    if (finding->shown_count == count || finding->objective < 0)
        return TRUE;
    if (!finding_unit(finding, column, &unit, ret_error))
        return FALSE;
    name = format_name(results_get_column(finding->results, column)->name);
    g_string_append_printf(html, "<details><summary>All %u points by ", count);
    page_text(html, name);
    g_string_append(html, "</summary>\n<div class=\"box\"><table><thead><tr><th>Design point</th>"
                          "<th>");
    page_text(html, name);
    g_string_append(html, "<small>");
    page_text(html, unit.suffix);
    g_string_append(html, "</small></th><th>difference to the first</th></tr></thead><tbody>\n");
    for (uint32_t p = 0; p < count; p++) {
        omo_summary s, d;
        if (!results_summary(finding->results, p, column, &s, ret_error) ||
            !results_paired(finding->results, p, 0, column, &d, ret_error))
            return FALSE;
        g_string_append(html, "<tr><td>");
        page_point(finding, html, p);
        g_string_append(html, "</td><td>");
        page_summary(html, s, &unit);
        g_string_append(html, "</td><td>");
        if (p != 0)
            page_difference(html, d, finding->direction, &unit);
        g_string_append(html, "</td></tr>\n");
    }
    g_string_append(html, "</tbody></table></div></details>\n");
    return TRUE;
}
