/* From registry to SVG: for each picture its data files, two small scripts, two gnuplot processes.
 *
 * The pictures know nothing of C and this file knows no picture: what is particular stands in the
 * .gp (see plots/index.def). A script is a list of variables and two `load` lines, so that a
 * picture that looks wrong can be drawn by hand with the same variables.
 *
 * Two variants, because text in an SVG scales with it: what is legible on a desk is dust on a
 * phone. Drawing twice costs half a second; the page shows the one that fits.
 */
#include "report/plots.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "report/gnuplot.h"
#include "report/head.h"
#include "report/svg.h"
#include "shell/diagnostic.h"
#include "shell/paths.h"

#define PLOTS_TIMEOUT_S 120

static const char *const variant_names[PLOT_VARIANT_COUNT] = {"wide", "narrow"};
static const uint32_t variant_widths[PLOT_VARIANT_COUNT] = {920, 380};

/* Okabe and Ito's palette, the ones that are legible on white first; black and grey last. */
static const char *const colours[FINDING_SHOWN_MAX] = {"#D55E00", "#0072B2", "#009E73", "#CC79A7",
                                                       "#E69F00", "#56B4E9", "#000000", "#888888"};

/* What the steps of one report share. */
struct drawing {
    const struct finding *finding;
    const char *currency;
    char *plots;     /* folder of the .gp files */
    char *directory; /* temporary */
    struct results_parameter parameters[6];
    char *shown;
    GPtrArray *scripts; /* paths */
    GPtrArray *plot;    /* struct plot * */
};

const char *plots_colour(uint32_t i) { return colours[i % FINDING_SHOWN_MAX]; }

static void plot_free(void *item)
{
    struct plot *plot = item;

    g_free(plot->name);
    g_free(plot->title);
    g_free(plot->question);
    g_free(plot->caption);
    for (int v = 0; v < PLOT_VARIANT_COUNT; v++)
        g_free(plot->svg[v]);
    g_free(plot);
}

static char *draw_format(void *user, double value, double half_width, const char *unit, int style)
{
    const char *currency = user;
    struct format_unit shown = format_unit_for(strcmp(unit, "money") == 0 ? currency : unit, value);

    return format_figure(value, half_width, &shown, FORMAT_COMPACT | style);
}

static char *draw_figure(void *user, double value, double half_width, const char *unit)
{
    return draw_format(user, value, half_width, unit, FORMAT_PLAIN);
}

static char *draw_change(void *user, double value, double half_width, const char *unit)
{
    return draw_format(user, value, half_width, unit, FORMAT_SIGNED);
}

static char *draw_path(const struct drawing *drawing, const char *name, const char *part,
                       const char *suffix)
{
    g_autofree char *file = g_strdup_printf("%s-%s.%s", name, part, suffix);

    return g_build_filename(drawing->directory, file, NULL);
}

/* Runs one data block into its file. */
static gboolean draw_query(struct drawing *drawing, const char *name,
                           const struct head_query *query, uint64_t *ret_row_count,
                           GError **ret_error)
{
    g_autofree char *path = draw_path(drawing, name, query->name, "tsv");
    FILE *stream = g_fopen(path, "w");
    gboolean written;

    if (stream == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    written = results_query(drawing->finding->results, query->sql, drawing->parameters,
                            G_N_ELEMENTS(drawing->parameters), stream, ret_row_count, ret_error);
    if (fclose(stream) != 0 && written) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    if (!written)
        g_prefix_error(ret_error, "plots/%s.gp: data %s: ", name, query->name);
    return written;
}

/* Position of a point among those shown, from 1; 0 when it is not. */
static uint32_t draw_position(const struct finding *finding, uint32_t point)
{
    for (uint32_t i = 0; i < finding->shown_count; i++)
        if (finding->shown[i] == point)
            return i + 1;
    return 0;
}

static void draw_assign_text(GString *script, const char *name, const char *text)
{
    g_string_append_printf(script, "%s = ", name);
    gnuplot_quote(script, text);
    g_string_append_c(script, '\n');
}

static void draw_assign_points(const struct finding *finding, GString *script)
{
    g_string_append_printf(script, "point_count = %u\narray label[%u]\narray colour[%u]\n",
                           finding->shown_count, finding->shown_count, finding->shown_count);
    for (uint32_t i = 0; i < finding->shown_count; i++) {
        g_autofree char *label = g_strdup_printf("label[%u]", i + 1);
        g_autofree char *colour = g_strdup_printf("colour[%u]", i + 1);
        g_autofree char *valid =
            g_utf8_make_valid(results_get_point(finding->results, finding->shown[i])->label, -1);
        draw_assign_text(script, label, valid);
        draw_assign_text(script, colour, plots_colour(i));
    }
    g_string_append_printf(script, "winner = %u\nother = %u\n",
                           draw_position(finding, finding->winner),
                           draw_position(finding, finding->other));
}

/* Writes the script of one variant and puts it on the list. */
static gboolean draw_script(struct drawing *drawing, const char *name, const char *data, int v,
                            GError **ret_error)
{
    const struct finding *finding = drawing->finding;
    const struct results_meta *meta = results_get_meta(finding->results);
    g_autoptr(GString) script = g_string_new(data);
    g_autofree char *path = draw_path(drawing, name, variant_names[v], "gnuplot");
    g_autofree char *output = draw_path(drawing, name, variant_names[v], "svg");
    g_autofree char *prelude = g_build_filename(drawing->plots, "prelude.gnuplot", NULL);
    g_autofree char *picture = g_strdup_printf("%s/%s.gp", drawing->plots, name);

    g_string_append_printf(script, "narrow = %d\nwidth = %u\nplane = %d\n", v == PLOT_NARROW,
                           variant_widths[v], meta->geometry == OMO_GEOMETRY_PLANE);
    draw_assign_text(script, "currency", drawing->currency);
    draw_assign_text(script, "output_file", output);
    draw_assign_points(finding, script);
    g_string_append(script, "load ");
    gnuplot_quote(script, prelude);
    g_string_append(script, "\nload ");
    gnuplot_quote(script, picture);
    g_string_append(script, "\nset output\n");
    if (!g_file_set_contents(path, script->str, (gssize)script->len, ret_error)) {
        g_prefix_error(ret_error, "plots: ");
        return FALSE;
    }
    g_ptr_array_add(drawing->scripts, g_steal_pointer(&path));
    return TRUE;
}

/* Prepares one picture: queries, caption, scripts. Leaves it out when it has no data. */
static gboolean draw_prepare(struct drawing *drawing, const char *name, GError **ret_error)
{
    g_autofree char *path = g_strdup_printf("%s/%s.gp", drawing->plots, name);
    g_autoptr(GString) data = g_string_new(NULL);
    g_autofree char *caption = NULL;
    struct head *head = head_read(path, ret_error);
    struct plot *plot;
    gboolean done = head != NULL;

    for (uint32_t i = 0; done && i < head->data->len; i++) {
        const struct head_query *query = g_ptr_array_index(head->data, i);
        g_autofree char *file = draw_path(drawing, name, query->name, "tsv");
        g_autofree char *variable = g_strconcat("data_", query->name, NULL);
        uint64_t row_count = 0;
        done = draw_query(drawing, name, query, &row_count, ret_error);
        if (done && i == 0 && row_count == 0) {
            head_free(head);
            return TRUE;
        }
        draw_assign_text(data, variable, file);
        g_string_append_printf(data, "rows_%s = %" G_GUINT64_FORMAT "\n", query->name, row_count);
    }
    if (done && head->caption != NULL) {
        caption = results_query_text(drawing->finding->results, head->caption, drawing->parameters,
                                     G_N_ELEMENTS(drawing->parameters), ret_error);
        done = caption != NULL;
        if (!done)
            g_prefix_error(ret_error, "plots/%s.gp: caption: ", name);
    }
    for (int v = 0; done && v < PLOT_VARIANT_COUNT; v++)
        done = draw_script(drawing, name, data->str, v, ret_error);
    if (done) {
        plot = g_new0(struct plot, 1);
        *plot = (struct plot){.name = g_strdup(name),
                              .title = g_strdup(head->title),
                              .question = g_strdup(head->question),
                              .caption = g_strdup(caption != NULL ? caption : ""),
                              .keys = head->keys};
        g_ptr_array_add(drawing->plot, plot);
    }
    head_free(head);
    return done;
}

/* Reads what gnuplot drew. */
static gboolean draw_collect(struct drawing *drawing, GError **ret_error)
{
    for (uint32_t i = 0; i < drawing->plot->len; i++) {
        struct plot *plot = g_ptr_array_index(drawing->plot, i);
        for (int v = 0; v < PLOT_VARIANT_COUNT; v++) {
            g_autofree char *path = draw_path(drawing, plot->name, variant_names[v], "svg");
            g_autofree char *prefix = g_strdup_printf("%s-%s", plot->name, variant_names[v]);
            g_autofree char *text = NULL;
            if (g_file_get_contents(path, &text, NULL, NULL))
                plot->svg[v] = svg_embed(text, prefix, plot->title);
            if (plot->svg[v] == NULL) {
                g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                            "gnuplot drew nothing for %s", plot->name);
                return FALSE;
            }
        }
    }
    return TRUE;
}

static void draw_remove_directory(const char *directory)
{
    GDir *dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_unlink(path);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_rmdir(directory);
}

static gboolean draw_all(struct drawing *drawing, const struct report_options *options,
                         GError **ret_error)
{
    const char *program = options->gnuplot != NULL ? options->gnuplot : "gnuplot";
    g_autofree char *index = g_build_filename(drawing->plots, "index.def", NULL);
    g_autoptr(GPtrArray) names = head_read_index(index, ret_error);

    if (names == NULL ||
        !results_add_format(drawing->finding->results, "figure", draw_figure,
                            (gpointer)drawing->currency, ret_error) ||
        !results_add_format(drawing->finding->results, "change", draw_change,
                            (gpointer)drawing->currency, ret_error))
        return FALSE;
    for (uint32_t i = 0; i < names->len; i++)
        if (!draw_prepare(drawing, g_ptr_array_index(names, i), ret_error))
            return FALSE;
    return gnuplot_run_all(program, drawing->scripts,
                           options->timeout_s != 0 ? options->timeout_s : PLOTS_TIMEOUT_S,
                           ret_error) &&
           draw_collect(drawing, ret_error);
}

static void draw_set_parameters(struct drawing *drawing)
{
    const struct results_meta *meta = results_get_meta(drawing->finding->results);
    const struct results_parameter parameters[] = {
        {"shown", drawing->shown, 0.0},
        {"first", NULL, 0.0},
        {"winner", NULL, drawing->finding->winner},
        {"other", NULL, drawing->finding->other},
        {"objective", meta->objective, 0.0},
        {"warm_up_days", NULL, (double)meta->warm_up_us / (double)OMO_US_PER_DAY},
    };

    G_STATIC_ASSERT(sizeof parameters == sizeof drawing->parameters);
    memcpy(drawing->parameters, parameters, sizeof parameters);
}

GPtrArray *plots_draw(const struct finding *finding, const struct report_options *options,
                      GError **ret_error)
{
    struct drawing drawing = {.finding = finding};
    g_autoptr(GPtrArray) scripts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) plot = g_ptr_array_new_with_free_func(plot_free);
    g_autofree char *shown = finding_shown_json(finding);
    gboolean drawn = FALSE;

    if (!gnuplot_find(options->gnuplot != NULL ? options->gnuplot : "gnuplot", ret_error))
        return NULL;
    drawing.currency = results_get_meta(finding->results)->currency;
    drawing.scripts = scripts;
    drawing.plot = plot;
    drawing.shown = shown;
    draw_set_parameters(&drawing);
    drawing.plots = options->plots_directory != NULL ? g_strdup(options->plots_directory)
                                                     : paths_find("plots", ret_error);
    drawing.directory =
        drawing.plots != NULL ? g_dir_make_tmp("omosim-report-XXXXXX", ret_error) : NULL;
    if (drawing.directory != NULL) {
        drawn = draw_all(&drawing, options, ret_error);
        draw_remove_directory(drawing.directory);
    }
    g_free(drawing.plots);
    g_free(drawing.directory);
    return drawn ? g_steal_pointer(&plot) : NULL;
}
