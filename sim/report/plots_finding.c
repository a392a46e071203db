/* What the pictures of a simulation are told beside their data: which points are shown, in which
 * colours, which of them won, and the parameters of their queries.
 */
#include "report/plots.h"

#include "report/gnuplot.h"

/* Position of a point among those shown, from 1; 0 when it is not. */
static uint32_t assign_position(const struct finding *finding, uint32_t point)
{
    for (uint32_t i = 0; i < finding->shown_count; i++)
        if (finding->shown[i] == point)
            return i + 1;
    return 0;
}

static void assign_text(GString *script, const char *name, const char *text)
{
    g_string_append_printf(script, "%s = ", name);
    gnuplot_quote(script, text);
    g_string_append_c(script, '\n');
}

static void assign_points(const struct finding *finding, GString *script)
{
    g_string_append_printf(script, "point_count = %u\narray label[%u]\narray colour[%u]\n",
                           finding->shown_count, finding->shown_count, finding->shown_count);
    for (uint32_t i = 0; i < finding->shown_count; i++) {
        g_autofree char *label = g_strdup_printf("label[%u]", i + 1);
        g_autofree char *colour = g_strdup_printf("colour[%u]", i + 1);
        g_autofree char *valid =
            g_utf8_make_valid(results_get_point(finding->results, finding->shown[i])->label, -1);
        assign_text(script, label, valid);
        assign_text(script, colour, plots_colour(i));
    }
    g_string_append_printf(script, "winner = %u\nother = %u\n",
                           assign_position(finding, finding->winner),
                           assign_position(finding, finding->other));
}

GPtrArray *plots_draw_finding(const struct finding *finding, const char *kind,
                              const struct report_options *options, GError **ret_error)
{
    const struct results_meta *meta = results_get_meta(finding->results);
    g_autofree char *shown = finding_shown_json(finding);
    g_autoptr(GString) variables = g_string_new(NULL);
    const struct results_parameter parameters[] = {
        {"shown", shown, 0.0},
        {"first", NULL, 0.0},
        {"winner", NULL, finding->winner},
        {"other", NULL, finding->other},
        {"objective", meta->objective, 0.0},
        {"warm_up_days", NULL, (double)meta->warm_up_us / (double)OMO_US_PER_DAY},
    };
    struct plot_subject subject = {
        .results = finding->results,
        .kind = kind,
        .currency = meta->currency,
        .parameters = parameters,
        .parameter_count = G_N_ELEMENTS(parameters),
    };

    g_string_append_printf(variables, "plane = %d\n", meta->geometry == OMO_GEOMETRY_PLANE);
    assign_points(finding, variables);
    subject.variables = variables->str;
    return plots_draw(&subject, options, ret_error);
}
