/* The page's parts. Each appends to `html`; texts from files are escaped here, nowhere else. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/finding.h"

/* Everything. `sweep` (pictures of what was varied) and `plots` hold struct plot * in the order of
 * the page. */
gboolean page_write(const struct finding *finding, const GPtrArray *sweep, const GPtrArray *plots,
                    GString *html, GError **ret_error);

/* Points x headline measures, with paired differences. */
gboolean headline_write(const struct finding *finding, GString *html, GError **ret_error);
/* The points that the headline leaves out, by the objective alone; nothing when it has all. */
gboolean headline_write_rest(const struct finding *finding, GString *html, GError **ret_error);
/* Which points are calibrated, and how far they are from what was published. */
gboolean calibration_write(const struct finding *finding, GString *html, GError **ret_error);
/* Every KPI that has a value, by family, folded. */
gboolean kpi_table_write(const struct finding *finding, GString *html, GError **ret_error);
/* Command, seed, versions, digests. */
gboolean provenance_write(const struct finding *finding, GString *html, GError **ret_error);

/* Head and style up to the beginning of the text, and what closes it. */
void page_begin(GString *html, const char *title);
void page_end(GString *html);
/* A section of pictures (struct plot *); `finding` explains the points' colours, NULL = none. */
void page_plots(GString *html, const char *heading, const GPtrArray *plots,
                const struct finding *finding);
/* `open`, escaped text, `close`; nothing when there is no text. */
void page_element(GString *html, const char *open, const char *text, const char *close);
/* Appends escaped text. */
void page_text(GString *html, const char *text);
/* Appends a point's colour mark (when it is one of those shown) and its label. */
void page_point(const struct finding *finding, GString *html, uint32_t point);
/* Appends "mean +- half-width" of a summary. */
void page_summary(GString *html, omo_summary summary, const struct format_unit *unit);
/* Appends a paired difference with its verdict's mark and class. */
void page_difference(GString *html, omo_summary difference, int direction,
                     const struct format_unit *unit);

#endif
