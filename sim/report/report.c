/* Opens a result, works out what it says, has the pictures drawn, puts the page together in memory
 * and writes it in one step: a failure anywhere leaves the target as it was.
 */
#include "report/report.h"

#include "report/audit_section.h"
#include "report/fit_page.h"
#include "report/gnuplot.h"
#include "report/load_page.h"
#include "report/page.h"
#include "report/plots.h"
#include "results/audit_results.h"
#include "results/load_results.h"
#include "shell/output.h"
#include "shell/paths.h"

static const struct report_options defaults = {.plots_directory = NULL};

gboolean report_write(const char *result_path, const char *html_path,
                      const struct report_options *options, GError **ret_error)
{
    g_autoptr(Results) results = NULL;
    g_autoptr(GPtrArray) plots = NULL, sweep = NULL;
    g_autoptr(GString) html = g_string_new(NULL);
    const struct report_options *how = options != NULL ? options : &defaults;
    struct finding finding;

    if (load_results_is(result_path))
        return report_write_load(&result_path, 1, html_path, options, ret_error);
    if (audit_results_is_record(result_path))
        return report_write_audit(result_path, html_path, options, ret_error);
    results = results_open(result_path, ret_error);
    if (results == NULL)
        return FALSE;
    if (!finding_read(results, &finding, ret_error)) {
        g_prefix_error(ret_error, "%s: ", result_path);
        return FALSE;
    }
    sweep = results_get_meta(results)->axis_count > 0
                ? plots_draw_finding(&finding, "sweep", how, ret_error)
                : g_ptr_array_new();
    plots = sweep != NULL ? plots_draw_finding(&finding, NULL, how, ret_error) : NULL;
    return plots != NULL && page_write(&finding, sweep, plots, html, ret_error) &&
           output_write(html_path, html->str, html->len, ret_error);
}

static GPtrArray *draw(Results *results, const char *kind, const struct report_options *options,
                       GError **ret_error)
{
    const struct plot_subject subject = {.results = results,
                                         .kind = kind,
                                         .currency = "",
                                         .variables = ""};

    return plots_draw(&subject, options != NULL ? options : &defaults, ret_error);
}

gboolean report_write_load(const char *const *result_paths, uint32_t count, const char *html_path,
                           const struct report_options *options, GError **ret_error)
{
    g_autoptr(Results) results = load_results_open(result_paths, count, ret_error);
    g_autoptr(GPtrArray) plots = NULL, audit_plots = NULL;
    g_autoptr(GString) html = g_string_new(NULL);

    if (results == NULL)
        return FALSE;
    plots = draw(results, "load", options, ret_error);
    audit_plots = plots != NULL ? draw(results, "audit", options, ret_error) : NULL;
    return audit_plots != NULL &&
           load_page_write(results, count, plots, audit_plots, html, ret_error) &&
           output_write(html_path, html->str, html->len, ret_error);
}

gboolean report_write_audit(const char *record_path, const char *html_path,
                            const struct report_options *options, GError **ret_error)
{
    g_autoptr(Results) results = audit_results_open(record_path, ret_error);
    g_autoptr(GPtrArray) plots =
        results != NULL ? draw(results, "audit", options, ret_error) : NULL;
    g_autoptr(GString) html = g_string_new(NULL);

    return plots != NULL && audit_page_write(results, plots, html, ret_error) &&
           output_write(html_path, html->str, html->len, ret_error);
}

gboolean report_write_fit(struct results *results, const char *html_path,
                          const struct report_options *options, GError **ret_error)
{
    g_autoptr(GPtrArray) plots = draw(results, "fit", options, ret_error);
    g_autoptr(GString) html = g_string_new(NULL);

    return plots != NULL && fit_page_write(results, plots, html, ret_error) &&
           output_write(html_path, html->str, html->len, ret_error);
}

gboolean report_ready(GError **ret_error)
{
    g_autofree char *plots = paths_find("plots", ret_error);

    return plots != NULL && gnuplot_find("gnuplot", ret_error);
}
