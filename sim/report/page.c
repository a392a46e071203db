/* The order of the page is the order of a reader's questions: what was asked, what is the answer,
 * how do the points compare, what of it was fitted and what predicted, why is it so (pictures),
 * what else is known (all KPIs), can I do it again. A reader who stops anywhere has had the most
 * important part.
 *
 * HTML is put together as text; there is no template language, because every part is a loop.
 */
#include "report/page.h"

#include <math.h>

#include "report/page_style.h"
#include "report/plots.h"

void page_text(GString *html, const char *text)
{
    g_autofree char *escaped = format_html(text);

    g_string_append(html, escaped);
}

void page_element(GString *html, const char *open, const char *text, const char *close)
{
    if (text == NULL || text[0] == '\0')
        return;
    g_string_append(html, open);
    page_text(html, text);
    g_string_append(html, close);
}

void page_point(const struct finding *finding, GString *html, uint32_t point)
{
    for (uint32_t i = 0; i < finding->shown_count; i++)
        if (finding->shown[i] == point)
            g_string_append_printf(html, "<span class=\"mark\" style=\"background:%s\"></span>",
                                   plots_colour(i));
    page_text(html, results_get_point(finding->results, point)->label);
}

void page_summary(GString *html, omo_summary summary, const struct format_unit *unit)
{
    g_autofree char *mean = format_number(summary.mean, summary.half_width, unit, FORMAT_PLAIN);
    g_autofree char *half = format_half_width(summary.mean, summary.half_width, unit, FORMAT_PLAIN);

    g_string_append(html, mean);
    if (isfinite(summary.mean) && isfinite(summary.half_width))
        g_string_append_printf(html, " <span class=\"half\">\u00b1\u00a0%s</span>", half);
}

void page_difference(GString *html, omo_summary difference, int direction,
                     const struct format_unit *unit)
{
    static const struct {
        const char *class, *sign, *word;
    } verdicts[] = {{"worse", "\u2717", "worse"},
                    {"same", "\u2248", "not to be told apart"},
                    {"better", "\u2713", "better"}};
    int verdict = finding_verdict(difference, direction);
    g_autofree char *number =
        format_number(difference.mean, difference.half_width, unit, FORMAT_SIGNED);
    g_autofree char *half =
        format_half_width(difference.mean, difference.half_width, unit, FORMAT_PLAIN);
    const char *suffix = g_str_equal(unit->difference, "pp") ? " pp" : "";

    if (!isfinite(difference.mean))
        return;
    g_string_append_printf(html, "<span class=\"difference %s\" title=\"%s\">%s%s",
                           verdicts[verdict + 1].class, verdicts[verdict + 1].word, number, suffix);
    if (isfinite(difference.half_width) && difference.half_width > 0.0)
        g_string_append_printf(html, " \u00b1\u00a0%s", half);
    if (direction != 0)
        g_string_append_printf(html, " %s", verdicts[verdict + 1].sign);
    g_string_append(html, "</span>");
}

void page_begin(GString *html, const char *title)
{
    g_string_append(html,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'unsafe-inline'\">\n<title>");
    page_text(html, title[0] != '\0' ? title : "omosim report");
    g_string_append_printf(html, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
                           page_style);
}

static gboolean page_write_answer(const struct finding *finding, GString *html, GError **ret_error)
{
    const struct results_meta *meta = results_get_meta(finding->results);
    uint32_t count = results_point_count(finding->results);
    g_autofree char *sentence = NULL, *note = NULL;

    if (!finding_answer(finding, &sentence, &note, ret_error))
        return FALSE;
    page_element(html, "<h1>", meta->title[0] != '\0' ? meta->title : "omosim report", "</h1>\n");
    page_element(html, "<p class=\"question\">", meta->question, "</p>\n");
    g_string_append(html, "<div class=\"answer\">\n");
    page_element(html, "<p>", sentence, "</p>\n");
    page_element(html, "<p>", note, "</p>\n");
    g_string_append(html, "</div>\n");
    if (meta->point_count > count)
        g_string_append_printf(html,
                               "<p class=\"warning\">The run was cut short: %u of %u design "
                               "points are finished.</p>\n",
                               count, meta->point_count);
    return TRUE;
}

/* Whose colour is whose. */
static void page_write_keys(const struct finding *finding, GString *html)
{
    g_string_append(html, "<div class=\"keys\">");
    for (uint32_t i = 0; i < finding->shown_count; i++) {
        g_string_append(html, "<span>");
        page_point(finding, html, finding->shown[i]);
        g_string_append(html, "</span>");
    }
    g_string_append(html, "</div>\n");
}

void page_plots(GString *html, const char *heading, const GPtrArray *plots,
                const struct finding *finding)
{
    if (plots->len == 0)
        return;
    g_string_append_printf(html, "<section class=\"page\">\n<h2>%s</h2>\n", heading);
    for (uint32_t i = 0; i < plots->len; i++) {
        const struct plot *plot = g_ptr_array_index(plots, i);
        g_string_append_printf(html, "<figure id=\"%s\">\n", plot->name);
        page_element(html, "<h3>", plot->title, "</h3>\n");
        page_element(html, "<p class=\"note\">", plot->question, "</p>\n");
        page_element(html, "<figcaption>", plot->caption, "</figcaption>\n");
        if (plot->keys && finding != NULL)
            page_write_keys(finding, html);
        g_string_append_printf(html,
                               "<div class=\"wide\">\n%s\n</div>\n"
                               "<div class=\"narrow\">\n%s\n</div>\n</figure>\n",
                               plot->svg[PLOT_WIDE], plot->svg[PLOT_NARROW]);
    }
    g_string_append(html, "</section>\n");
}

void page_end(GString *html) { g_string_append(html, "</main>\n</body>\n</html>\n"); }

gboolean page_write(const struct finding *finding, const GPtrArray *sweep, const GPtrArray *plots,
                    GString *html, GError **ret_error)
{
    page_begin(html, results_get_meta(finding->results)->title);
    if (!page_write_answer(finding, html, ret_error))
        return FALSE;
    page_plots(html, "What was varied", sweep, finding);
    if (!headline_write(finding, html, ret_error) ||
        !headline_write_rest(finding, html, ret_error) ||
        !calibration_write(finding, html, ret_error))
        return FALSE;
    page_plots(html, "Why it is so", plots, finding);
    if (!kpi_table_write(finding, html, ret_error) || !provenance_write(finding, html, ret_error))
        return FALSE;
    page_end(html);
    return TRUE;
}
