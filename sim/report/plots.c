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
    const struct plot_subject *subject;
    char *plots;        /* folder of the .gp files */
    char *directory;    /* temporary */
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

gboolean plots_add_formats(const struct plot_subject *subject, GError **ret_error)
{
    return results_add_format(subject->results, "figure", draw_figure, (gpointer)subject->currency,
                              ret_error) &&
           results_add_format(subject->results, "change", draw_change, (gpointer)subject->currency,
                              ret_error);
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
    written = results_query(drawing->subject->results, query->sql, drawing->subject->parameters,
                            drawing->subject->parameter_count, stream, ret_row_count, ret_error);
    if (fclose(stream) != 0 && written) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    if (!written)
        g_prefix_error(ret_error, "plots/%s.gp: data %s: ", name, query->name);
    return written;
}

static void draw_assign_text(GString *script, const char *name, const char *text)
{
    g_string_append_printf(script, "%s = ", name);
    gnuplot_quote(script, text);
    g_string_append_c(script, '\n');
}

/* Writes the script of one variant and puts it on the list. */
static gboolean draw_script(struct drawing *drawing, const char *name, const char *data, int v,
                            GError **ret_error)
{
    g_autoptr(GString) script = g_string_new(data);
    g_autofree char *path = draw_path(drawing, name, variant_names[v], "gnuplot");
    g_autofree char *output = draw_path(drawing, name, variant_names[v], "svg");
    g_autofree char *prelude = g_build_filename(drawing->plots, "prelude.gnuplot", NULL);
    g_autofree char *picture = g_strdup_printf("%s/%s.gp", drawing->plots, name);

    g_string_append_printf(script, "narrow = %d\nwidth = %u\n", v == PLOT_NARROW,
                           variant_widths[v]);
    draw_assign_text(script, "currency", drawing->subject->currency);
    draw_assign_text(script, "output_file", output);
    g_string_append(script, drawing->subject->variables);
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

/* Prepares one picture: queries, caption, scripts. Leaves it out when it is for results of another
 * kind or has no data. */
static gboolean draw_prepare(struct drawing *drawing, const char *name, GError **ret_error)
{
    g_autofree char *path = g_strdup_printf("%s/%s.gp", drawing->plots, name);
    g_autoptr(GString) data = g_string_new(NULL);
    g_autofree char *caption = NULL;
    struct head *head = head_read(path, ret_error);
    struct plot *plot;
    gboolean done = head != NULL;

    if (done && g_strcmp0(head->kind, drawing->subject->kind) != 0) {
        head_free(head);
        return TRUE;
    }
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
        caption = results_query_text(drawing->subject->results, head->caption,
                                     drawing->subject->parameters,
                                     drawing->subject->parameter_count, ret_error);
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

    if (names == NULL || !plots_add_formats(drawing->subject, ret_error))
        return FALSE;
    for (uint32_t i = 0; i < names->len; i++)
        if (!draw_prepare(drawing, g_ptr_array_index(names, i), ret_error))
            return FALSE;
    return gnuplot_run_all(program, drawing->scripts,
                           options->timeout_s != 0 ? options->timeout_s : PLOTS_TIMEOUT_S,
                           ret_error) &&
           draw_collect(drawing, ret_error);
}

GPtrArray *plots_draw(const struct plot_subject *subject, const struct report_options *options,
                      GError **ret_error)
{
    g_autoptr(GPtrArray) scripts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) plot = g_ptr_array_new_with_free_func(plot_free);
    struct drawing drawing = {.subject = subject, .scripts = scripts, .plot = plot};
    gboolean drawn = FALSE;

    if (!gnuplot_find(options->gnuplot != NULL ? options->gnuplot : "gnuplot", ret_error))
        return NULL;
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
