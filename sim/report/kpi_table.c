/* All KPIs, folded by family. A KPI that no point has a value for is left out (a grocer has no
 * queueing constants). Channels follow their KPI; a queueing network has no totals, there the first
 * station bears the name.
 */
#include <math.h>
#include <string.h>

#include "report/page.h"

/* Whether any point shown has a value; reads the summaries of all of them. */
static gboolean row_read(const struct finding *finding, uint32_t column, omo_summary *summaries,
                         gboolean *ret_any, GError **ret_error)
{
    *ret_any = FALSE;
    for (uint32_t i = 0; i < finding->shown_count; i++) {
        if (!results_summary(finding->results, finding->shown[i], column, &summaries[i], ret_error))
            return FALSE;
        *ret_any = *ret_any || isfinite(summaries[i].mean);
    }
    return TRUE;
}

static gboolean row_write(const struct finding *finding, uint32_t column, GString *html, bool first,
                          uint32_t *ret_written, GError **ret_error)
{
    const struct results_column *c = results_get_column(finding->results, column);
    omo_summary summaries[FINDING_SHOWN_MAX];
    struct format_unit unit;
    g_autofree char *name = format_name(c->name);
    gboolean any;

    if (!row_read(finding, column, summaries, &any, ret_error) ||
        !finding_unit(finding, column, &unit, ret_error))
        return FALSE;
    if (!any)
        return TRUE;
    (*ret_written)++;
    if (!first) {
        g_string_append(html, "<tr class=\"channel\"><td>");
        page_text(html, c->channel);
    } else {
        g_string_append(html, "<tr class=\"kpi\"><td>");
        page_text(html, name);
        g_string_append(html, "<span class=\"definition\">");
        page_text(html, c->definition);
        g_string_append(html, "</span>");
    }
    g_string_append(html, "</td><td>");
    page_text(html, unit.suffix);
    g_string_append(html, "</td>");
    for (uint32_t i = 0; i < finding->shown_count; i++) {
        g_string_append(html, "<td>");
        page_summary(html, summaries[i], &unit);
        g_string_append(html, "</td>");
    }
    g_string_append(html, "</tr>\n");
    return TRUE;
}

/* Rows of one KPI: the total, then its channels; or its stations and sources. */
static gboolean base_write(const struct finding *finding, const char *base, GString *html,
                           uint32_t *ret_written, GError **ret_error)
{
    const uint32_t before = *ret_written;

    for (uint32_t i = 0; i < results_column_count(finding->results); i++) {
        const struct results_column *c = results_get_column(finding->results, i);
        if (strcmp(c->base, base) == 0 &&
            !row_write(finding, i, html, *ret_written == before, ret_written, ret_error))
            return FALSE;
    }
    return TRUE;
}

static gboolean family_write(const struct finding *finding, const char *family, GString *html,
                             GError **ret_error)
{
    g_autoptr(GString) rows = g_string_new(NULL);
    g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
    uint32_t written = 0;

    for (uint32_t i = 0; i < results_column_count(finding->results); i++) {
        const struct results_column *c = results_get_column(finding->results, i);
        if (strcmp(c->family, family) == 0 && g_hash_table_add(done, (gpointer)c->base) &&
            !base_write(finding, c->base, rows, &written, ret_error))
            return FALSE;
    }
    if (written == 0)
        return TRUE;
    g_string_append(html, "<details><summary>");
    page_text(html, family);
    g_string_append_printf(html,
                           " <span class=\"note\">%u row%s</span></summary>\n"
                           "<div class=\"box\"><table><thead><tr><th>KPI</th><th>unit</th>",
                           written, written == 1 ? "" : "s");
    for (uint32_t i = 0; i < finding->shown_count; i++) {
        g_string_append(html, "<th>");
        page_point(finding, html, finding->shown[i]);
        g_string_append(html, "</th>");
    }
    g_string_append_printf(html, "</tr></thead><tbody>\n%s</tbody></table></div></details>\n",
                           rows->str);
    return TRUE;
}

gboolean kpi_table_write(const struct finding *finding, GString *html, GError **ret_error)
{
    g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);

    g_string_append(html, "<section class=\"page\">\n<h2>All measures</h2>\n"
                          "<p class=\"note\">Means with the half-width of their 95\u00a0% "
                          "interval; \u2013 means no cases. Measures without a value at any point "
                          "are left out.</p>\n");
    for (uint32_t i = 0; i < results_column_count(finding->results); i++) {
        const char *family = results_get_column(finding->results, i)->family;
        if (g_hash_table_add(done, (gpointer)family) &&
            !family_write(finding, family, html, ret_error))
            return FALSE;
    }
    g_string_append(html, "</section>\n");
    return TRUE;
}
