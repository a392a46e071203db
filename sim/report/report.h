/* The report: one HTML page that answers the scenario's question, made of a result file alone.
 *
 * The page is self-contained (inline style, inline SVG drawn by gnuplot, no fetch of any kind),
 * reads on a phone and in print, and has the same bytes for the same result file. The pictures are
 * the files of plots/, listed in plots/index.def.
 * Errors: BAD_INPUT when the result can't be read, CANNOT_RUN when gnuplot is missing, fails or
 * takes too long, or when the page can't be written. On failure no page is left behind, and an
 * older one stays as it was.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <glib.h>
#include <stdint.h>

struct results;

struct report_options {
    const char *plots_directory; /* NULL = the shipped plots/ */
    const char *gnuplot;         /* program; NULL = "gnuplot" on the search path */
    uint32_t timeout_s;          /* for all pictures together; 0 = 120 */
};

/* Reads `result_path` (made by `omosim run`, `compare` or `sweep`, or a load run's, or the record of
 * one that was audited) and writes `html_path`. `options` may be NULL. */
gboolean report_write(const char *result_path, const char *html_path,
                      const struct report_options *options, GError **ret_error);

/* The same of the result of a load run or a capacity search. With several results the page is about
 * the first and compares all. */
gboolean report_write_load(const char *const *result_paths, uint32_t count, const char *html_path,
                           const struct report_options *options, GError **ret_error);

/* The same of the record of an audited run alone: what the audit found. */
gboolean report_write_audit(const char *record_path, const char *html_path,
                            const struct report_options *options, GError **ret_error);

/* The page about a fit (results/fit_results.h). */
gboolean report_write_fit(struct results *results, const char *html_path,
                          const struct report_options *options, GError **ret_error);

/* Whether a page could be made: gnuplot and the pictures' scripts are there (CANNOT_RUN when not).
 * For commands that would simulate for minutes first. */
gboolean report_ready(GError **ret_error);

#endif
