/* The pictures: reads plots/index.def and the head comments, asks the result for data, has gnuplot
 * draw all of them at once, and hands back SVG that can stand in a page.
 */
#ifndef REPORT_PLOTS_H
#define REPORT_PLOTS_H

#include "report/finding.h"
#include "report/report.h"

/* What pictures are drawn of. All borrowed. */
struct plot_subject {
    Results *results;
    const char *kind;     /* of the pictures: what their head comment has as "for"; NULL = none */
    const char *currency; /* in which figure() shows the unit "money" */
    const struct results_parameter *parameters; /* of the queries */
    uint32_t parameter_count;
    const char *variables; /* lines of gnuplot script, for all pictures */
};

enum plot_variant { PLOT_WIDE, PLOT_NARROW, PLOT_VARIANT_COUNT };

struct plot {
    char *name; /* file stem */
    char *title;
    char *question;
    char *caption; /* computed; "" when there is none */
    gboolean keys; /* wants the points' colours explained above it */
    char *svg[PLOT_VARIANT_COUNT];
};

/* Gives queries of the subject's results the functions figure() and change() of plots/index.def;
 * plots_draw() does so itself. */
gboolean plots_add_formats(const struct plot_subject *subject, GError **ret_error);

/* Colour of the i-th point shown, "#RRGGBB". Static. */
const char *plots_colour(uint32_t i);

/* Draws every registered picture of the subject's kind that has data, in the order of the registry.
 * Returns an array of struct plot * that the caller frees with g_ptr_array_unref(). */
GPtrArray *plots_draw(const struct plot_subject *subject, const struct report_options *options,
                      GError **ret_error);
/* Pictures of a simulation's result (plots_finding.c); of `kind`, NULL = those of any. */
GPtrArray *plots_draw_finding(const struct finding *finding, const char *kind,
                              const struct report_options *options, GError **ret_error);

#endif
