/* The page about a fit: the answer, the parameters, the laws that were tried, the pictures. */
#ifndef REPORT_FIT_PAGE_H
#define REPORT_FIT_PAGE_H

#include "results/results.h"

/* Everything. `results` from fit_results_new(); `plots` holds struct plot *. */
gboolean fit_page_write(Results *results, const GPtrArray *plots, GString *html,
                        GError **ret_error);

#endif
