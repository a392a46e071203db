/* What was fitted and what was predicted, so that nobody takes one for the other.
 *
 * A point with the role "calibrated" was tuned to published figures; its agreement with them is no
 * evidence, only a check. What the model says about other points is the prediction. The deviation
 * is of the simulated mean from the published figure, in percent of the latter.
 */
#include <math.h>
#include <string.h>

#include "report/page.h"

/* Point that a row is about, or -1. */
static int64_t calibration_point(Results *results, const struct results_calibration *row)
{
    for (uint32_t p = 0; p < results_point_count(results); p++) {
        const struct results_point *point = results_get_point(results, p);
        gboolean named =
            strcmp(row->point, point->name) == 0 || strcmp(row->point, point->label) == 0;
        if (row->point[0] != '\0' ? named : strcmp(point->role, "calibrated") == 0)
            return p;
    }
    return row->point[0] == '\0' ? 0 : -1;
}

static gboolean calibration_write_row(const struct finding *finding,
                                      const struct results_calibration *row, GString *html,
                                      GError **ret_error)
{
    Results *results = finding->results;
    int64_t point = calibration_point(results, row);
    int64_t column = results_find_column(results, row->kpi);
    omo_summary s = {.mean = (double)NAN, .half_width = (double)NAN};
    struct format_unit unit;
    g_autofree char *published = NULL, *deviation = NULL;

    if (point >= 0 && column >= 0 &&
        !results_summary(results, (uint32_t)point, (uint32_t)column, &s, ret_error))
        return FALSE;
    s.mean *= row->scale;
    s.half_width *= row->scale;
    unit = format_unit_for(row->unit[0] != '\0' ? row->unit
                           : column >= 0 ? results_get_column(results, (uint32_t)column)->unit
                                         : "",
                           fmax(fabs(row->published), isfinite(s.mean) ? fabs(s.mean) : 0.0));
    published = format_figure(row->published, (double)NAN, &unit, FORMAT_PLAIN);
    deviation = format_change(s.mean - row->published, row->published);
    g_string_append(html, "<tr><td class=\"text\">");
    page_text(html, row->figure);
    g_string_append(html, "<small>");
    page_text(html, row->source);
    g_string_append(html, "</small></td><td>");
    page_text(html, published);
    g_string_append(html, "</td><td>");
    page_summary(html, s, &unit);
    g_string_append_printf(html, "</td><td>%s</td><td>",
                           deviation[0] != '\0' ? deviation : "\u2013");
    if (point >= 0)
        page_point(finding, html, (uint32_t)point);
    g_string_append(html, "</td></tr>\n");
    return TRUE;
}

static void calibration_write_roles(const struct finding *finding, const char *role,
                                    const char *lead, GString *html)
{
    gboolean first = TRUE;

    for (uint32_t p = 0; p < results_point_count(finding->results); p++) {
        const struct results_point *point = results_get_point(finding->results, p);
        if (strcmp(point->role, role) != 0)
            continue;
        g_string_append(html, first ? lead : ", ");
        g_string_append(html, "<strong>");
        page_text(html, point->label);
        g_string_append(html, "</strong>");
        first = FALSE;
    }
    if (!first)
        g_string_append(html, ".</p>\n");
}

gboolean calibration_write(const struct finding *finding, GString *html, GError **ret_error)
{
    const struct results_meta *meta = results_get_meta(finding->results);
    gboolean any = meta->calibration_count > 0;

    for (uint32_t p = 0; !any && p < results_point_count(finding->results); p++)
        any = results_get_point(finding->results, p)->role[0] != '\0';
    if (!any)
        return TRUE;
    g_string_append(html, "<section>\n<h2>What is calibrated and what is prediction</h2>\n");
    calibration_write_roles(finding, "calibrated",
                            "<p>Calibrated, that is fitted to published figures: ", html);
    calibration_write_roles(finding, "predicted", "<p>Predicted, with nothing fitted: ", html);
    if (meta->calibration_count > 0) {
        g_string_append(html, "<div class=\"box\"><table><thead><tr><th>Figure</th>"
                              "<th>published</th><th>simulated</th><th>deviation</th>"
                              "<th>point</th></tr></thead><tbody>\n");
        for (uint32_t i = 0; i < meta->calibration_count; i++)
            if (!calibration_write_row(finding, &meta->calibration[i], html, ret_error))
                return FALSE;
        g_string_append(html, "</tbody></table></div>\n");
    }
    g_string_append(html, "</section>\n");
    return TRUE;
}
