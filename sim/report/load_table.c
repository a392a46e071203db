/* Any query as an HTML table. What the cells say is the query's business; this knows only which are
 * text, and that a tick is good and a cross bad.
 */
#include "report/load_page.h"

#include <string.h>

#include "report/page.h"

/* What stands before LOAD_SMALL as it is, what stands after it small below. */
static void table_text(GString *html, const char *text)
{
    const char *small = strchr(text, LOAD_SMALL);
    g_autofree char *first = small != NULL ? g_strndup(text, (size_t)(small - text)) : NULL;

    page_text(html, first != NULL ? first : text);
    if (small != NULL)
        page_element(html, "<small>", small + 1, "</small>");
}

static void table_cell(GString *html, const char *tag, const char *text, gboolean is_text)
{
    const char *verdict = g_str_has_prefix(text, "\u2713")   ? "better"
                          : g_str_has_prefix(text, "\u2717") ? "worse"
                                                             : NULL;

    g_string_append_printf(html, "<%s%s>", tag, is_text ? " class=\"text\"" : "");
    if (verdict != NULL)
        g_string_append_printf(html, "<span class=\"%s\">", verdict);
    table_text(html, text[0] != '\0' ? text : "\u2013");
    g_string_append_printf(html, "%s</%s>", verdict != NULL ? "</span>" : "", tag);
}

static void table_rows(GString *html, const GPtrArray *cells, uint32_t columns,
                       uint32_t text_columns)
{
    g_string_append(html, "<div class=\"box\"><table class=\"load\"><thead><tr>");
    for (uint32_t i = 0; i < cells->len; i++) {
        uint32_t column = i % columns;
        if (column == 0 && i > 0)
            g_string_append(html, i == columns ? "</tr></thead><tbody>\n<tr>" : "</tr>\n<tr>");
        table_cell(html, i < columns ? "th" : "td", g_ptr_array_index(cells, i),
                   (text_columns >> column & 1) != 0);
    }
    g_string_append(html, "</tr>\n</tbody></table></div>\n");
}

gboolean load_table_write(Results *results, const struct load_table *table, GString *html,
                          GError **ret_error)
{
    uint32_t columns;
    g_autoptr(GPtrArray) cells = results_query_cells(results, table->sql, table->parameters,
                                                     table->parameter_count, &columns, ret_error);

    if (cells == NULL)
        return FALSE;
    if (cells->len == columns)
        return TRUE;
    page_element(html, "<h2>", table->heading, "</h2>\n");
    page_element(html, "<details><summary>", table->fold, "</summary>\n");
    page_element(html, "<p class=\"note\">", table->note, "</p>\n");
    table_rows(html, cells, columns, table->text_columns);
    if (table->fold != NULL)
        g_string_append(html, "</details>\n");
    return TRUE;
}
