/* Opens a result, works out what it says, has the pictures drawn, puts the page together in memory
 * and writes it in one step: a failure anywhere leaves the target as it was.
 */
#include "report/report.h"

#include "report/gnuplot.h"
#include "report/page.h"
#include "report/plots.h"
#include "shell/output.h"
#include "shell/paths.h"

gboolean report_write(const char *result_path, const char *html_path,
                      const struct report_options *options, GError **ret_error)
{
    static const struct report_options defaults = {.plots_directory = NULL};
    g_autoptr(Results) results = results_open(result_path, ret_error);
    g_autoptr(GPtrArray) plots = NULL;
    g_autoptr(GString) html = g_string_new(NULL);
    struct finding finding;

    if (results == NULL)
        return FALSE;
    if (!finding_read(results, &finding, ret_error)) {
        g_prefix_error(ret_error, "%s: ", result_path);
        return FALSE;
    }
    plots = plots_draw_finding(&finding, options != NULL ? options : &defaults, ret_error);
    return plots != NULL && page_write(&finding, plots, html, ret_error) &&
           output_write(html_path, html->str, html->len, ret_error);
}

gboolean report_ready(GError **ret_error)
{
    g_autofree char *plots = paths_find("plots", ret_error);

    return plots != NULL && gnuplot_find("gnuplot", ret_error);
}
