/* The order is that of its reader's questions: what came out, does it fit, which numbers are they, what
 * else was tried, can I do it again. */
#include "report/fit_page.h"

#include "report/load_page.h"
#include "report/page.h"

static const struct load_table parameters = {
    .heading = "Parameters",
    .note = "Maximum likelihood; standard errors from the observed information.",
    .text_columns = 1 << 0 | 1 << 1 | 1 << 4,
    .sql =
        "SELECT law AS \"Law\", name AS \"Parameter\", printf('%.5g', value) AS \"Estimate\","
        " CASE WHEN error IS NULL THEN '' ELSE printf('%.2g', error) END AS \"Standard\037error\","
        " note AS \"Meaning\" FROM fit_parameter ORDER BY rowid",
};

static const struct load_table choices = {
    .heading = "Laws that were tried",
    .note = "The least of Akaike's criterion (AIC) is best; KS is the largest distance of the two "
            "cumulative shares.",
    .text_columns = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 5,
    .sql = "SELECT what AS \"Of\", law AS \"Law\", parameters AS \"Parameters\","
           " CASE WHEN aic IS NULL THEN '' ELSE printf('%.1f', aic) END AS \"AIC\","
           " CASE WHEN distance IS NULL THEN '' ELSE printf('%.4f', distance) END AS \"KS\","
           " CASE WHEN best THEN '\u2713 best' ELSE '' END AS \"\u00a0\""
           " FROM fit_choice ORDER BY rowid",
};

static const struct load_table holdout = {
    .heading = "Forecast against the holdout",
    .note = "Customers by how often they came back before, and what each bought afterwards.",
    .sql =
        "SELECT repeats || CASE WHEN last THEN ' or more' ELSE '' END AS \"Repeats\037before\","
        " printf('%,d', customers) AS \"Customers\","
        " printf('%,d', actual) AS \"Purchases\", printf('%,d', round(expected)) AS \"Forecast\","
        " printf('%.2f', actual * 1.0 / customers) AS \"Purchases\037each\","
        " printf('%.2f', expected / customers) AS \"Forecast\037each\""
        " FROM fit_holdout WHERE customers > 0 ORDER BY repeats",
};

static char *fact(Results *results, const char *key, GError **ret_error)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT coalesce((SELECT value FROM fit WHERE key = '%s'), '')", key);

    return results_query_text(results, sql, NULL, 0, ret_error);
}

gboolean fit_page_write(Results *results, const GPtrArray *plots, GString *html, GError **ret_error)
{
    g_autofree char *title = fact(results, "title", ret_error);
    g_autofree char *about = title != NULL ? fact(results, "about", ret_error) : NULL;
    g_autofree char *answer = about != NULL ? fact(results, "answer", ret_error) : NULL;
    g_autofree char *note = answer != NULL ? fact(results, "note", ret_error) : NULL;
    g_autofree char *command = note != NULL ? fact(results, "command", ret_error) : NULL;

    if (command == NULL)
        return FALSE;
    page_begin(html, title);
    page_element(html, "<h1>", title, "</h1>\n");
    page_element(html, "<p class=\"question\">", about, "</p>\n");
    g_string_append(html, "<div class=\"answer\">\n");
    page_element(html, "<p>", answer, "</p>\n");
    page_element(html, "<p>", note, "</p>\n");
    g_string_append(html, "</div>\n");
    page_plots(html, "Does it fit?", plots, NULL);
    if (!load_table_write(results, &parameters, html, ret_error) ||
        !load_table_write(results, &choices, html, ret_error) ||
        !load_table_write(results, &holdout, html, ret_error))
        return FALSE;
    g_string_append(html, "<h2>To do this again</h2>\n");
    page_element(html, "<pre><code>", command, "</code></pre>\n");
    page_end(html);
    return TRUE;
}
