/* The pictures: reads plots/index.def and the head comments, asks the result for data, has gnuplot
 * draw all of them at once, and hands back SVG that can stand in a page.
 */
#ifndef REPORT_PLOTS_H
#define REPORT_PLOTS_H

#include "report/finding.h"
#include "report/report.h"

enum plot_variant { PLOT_WIDE, PLOT_NARROW, PLOT_VARIANT_COUNT };

struct plot {
    char *name; /* file stem */
    char *title;
    char *question;
    char *caption; /* computed; "" when there is none */
    gboolean keys; /* wants the points' colours explained above it */
    char *svg[PLOT_VARIANT_COUNT];
};

/* Colour of the i-th point shown, "#RRGGBB". Static. */
const char *plots_colour(uint32_t i);

/* Draws every registered picture that has data, in the order of the registry. Returns an array of
 * struct plot * that the caller frees with g_ptr_array_unref(). */
GPtrArray *plots_draw(const struct finding *finding, const struct report_options *options,
                      GError **ret_error);

#endif
