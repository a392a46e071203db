/* The result of a load run: one SQLite file, read by the report and by any SQL tool. It knows
 * nothing of the engine: rows come as plain values.
 *
 *   table        one row per, and its columns
 *   load         fact about the whole (title, command, mode, target, verdict, threads, elapsed_s,
 *                asked_rate, held_rate, cpu_user_s, ...; all in replay/save.c): key, value
 *   load_row     step kind ('' = total): step, requests, and for each clock (response, service,
 *                lateness): CLOCK_mean_ms, _p50_ms, _p90_ms, _p99_ms, _p999_ms, _max_ms
 *   load_outcome step kind and outcome that occurred: step, outcome, class, count
 *   load_count   journeys and other counts: name, value
 *   load_bucket  histogram bucket in use: step, clock, low_ns, high_ns, count; clock 'own_lateness'
 *                of step '' is the generator's own
 *   load_series  interval of intended time: begin_s, end_s, warm_up, requests, errors, rate,
 *                p50_ms, p90_ms, p99_ms, p999_ms, max_ms, lateness_p50_ms, lateness_p99_ms,
 *                lateness_max_ms
 *   load_heat    interval and heat cell with responses: begin_s, low_ms, high_ms, count
 *   load_stage   stage: stage (from 1), begin_s, end_s, rate_from, rate_to
 *   threshold    threshold: threshold (from 0), text, source, held, value, limit_value, unit, at_s
 *   capacity     probe of a capacity search, in the order of running: probe (from 0), repeat, rate,
 *                held, too_slow (the generator: says nothing of the service), held_rate, p50_ms,
 *                p99_ms, errors (share), lateness_p99_ms
 *   audit, audit_... what the run's audit found, if there was one: audit_results.h
 *
 * SQL NULL stands for "no cases". application_id as in results.h, user_version LOAD_RESULTS_FORMAT.
 * Made under another name ("PATH-new") in one transaction and renamed when it is closed: what has
 * the name is whole. Another omosim result of that name is replaced then, any other file refused at
 * the beginning. One thread at a time. Errors: BAD_INPUT for a file that is none of ours,
 * CANNOT_RUN for what the machine refuses ("load.db: no space left on device").
 */
#ifndef RESULTS_LOAD_RESULTS_H
#define RESULTS_LOAD_RESULTS_H

#include <glib.h>
#include <stdint.h>

#include "results/results.h"

#define LOAD_RESULTS_FORMAT 101

typedef struct load_results LoadResults;

LoadResults *load_results_create(const char *path, GError **ret_error);
/* Appends a row to a table above; `values` are bound in the order of its columns, all of them. The
 * first error is kept and told by load_results_close(). */
struct load_value {
    enum { LOAD_VALUE_NULL, LOAD_VALUE_WHOLE, LOAD_VALUE_NUMBER, LOAD_VALUE_TEXT } kind;
    int64_t whole;
    double number; /* NaN becomes NULL */
    const char *text;
};
void load_results_add(LoadResults *results, const char *table, const struct load_value *values,
                      uint32_t count);
/* Takes over what was found by the audit of a record (audit_results.h), which must be closed. Once;
 * its error is kept likewise. */
void load_results_take_audit(LoadResults *results, const char *record);
/* Commits and closes; takes `results`, also on failure. */
gboolean load_results_close(LoadResults *results, GError **ret_error);
/* Gives it up: nothing is left, an older file of the name stays. */
void load_results_free(LoadResults *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoadResults, load_results_free)

/* ---- reading --------------------------------------------------------------------------------- */

#define LOAD_RESULTS_OPEN_MAX 8

/* Whether the file is the result of a load run. */
gboolean load_results_is(const char *path);
/* Opens one or several (at most LOAD_RESULTS_OPEN_MAX) for queries alone: results_query(),
 * results_query_text(), results_query_cells(), results_add_format(). The tables are those of the
 * first; all_TABLE has the rows of all, with a first column `run` (from 0), and all_runs says what to
 * call them: run, label. Caller frees with results_free(). */
Results *load_results_open(const char *const *paths, uint32_t count, GError **ret_error);

#endif
