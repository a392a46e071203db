/* What a fit found, for its report page: tables in memory, gone with the Results.
 *
 *   table           one row per, and its columns
 *   fit             fact: key, value (title, about, answer, note, command)
 *   fit_parameter   parameter: law, name, value, error (standard), note
 *   fit_frequency   repeats of customers: repeats, last (1: so many or more), actual, expected
 *   fit_week        end of a week: week (from the first day), actual, expected (repeats so far),
 *                   held (1: after calibration)
 *   fit_holdout     customers by repeats before: repeats, last, customers, actual, expected
 *   fit_hour        hour of the week: stream, hour (0 = Monday midnight), visits
 *   fit_count       count seen: what ('lines', 'units'), value, share
 *   fit_count_law   law of counts: what, law, value, share
 *   fit_rank        product: law ('actual' = as sold), rank, share, below (share of ranks up to it)
 *   fit_price       class of prices: low, high, actual, expected (shares)
 *   fit_choice      law that was tried: what, law, parameters (text), aic, distance, best
 */
#ifndef RESULTS_FIT_RESULTS_H
#define RESULTS_FIT_RESULTS_H

#include "results/load_results.h"

/* Empty tables. Caller frees with results_free(). */
Results *fit_results_new(GError **ret_error);
/* Appends a row; `values` in the order of the table's columns, all of them. Does nothing when
 * *ret_error is set already, so that many may follow each other. */
void fit_results_add(Results *results, const char *table, const struct load_value *values,
                     uint32_t count, GError **ret_error);

#endif
