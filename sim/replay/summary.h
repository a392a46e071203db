/* What a run leaves behind for people and machines. All read the same `struct load_report`.
 *
 *   text       one screen on standard output, for people
 *   json       one document, for scripts; its keys stand at summary_json()
 *   junit      a test case for each threshold, one for "the generator kept up", one for "the run was
 *              not interrupted"; with an audit a suite of its invariants
 *   csv        the series: one row an interval
 *   hlog       HdrHistogram log V2 (compressed). Lines with a tag ("Tag=check_out.response",
 *              "Tag=total.lateness") hold the whole run, a step kind and clock each, three
 *              significant digits. Lines without one are the responses of the total, an interval
 *              each, with two digits, as the series has them. Warm-up left out
 *   hgrm       HdrHistogram percentile text, response of the total, in milliseconds
 *   db         SQLite tables, results/load_results.h
 */
#ifndef REPLAY_SUMMARY_H
#define REPLAY_SUMMARY_H

#include "replay/capacity.h"
#include "replay/load.h"
#include "replay/verdict.h"

#include <jansson.h>
#include <stdio.h>

struct load_report {
    const char *title;   /* "day.plan at 600 times its speed" */
    const char *command; /* the command line, secrets taken out */
    const char *mode;    /* "open loop, plan", "open loop, rate", "closed loop (10 users): ..." */
    const char *const *targets; /* URLs without user info; NULL-terminated */
    const char *api, *plan;     /* names; NULL = none */
    const struct load_result *result;
    const struct load_stage *stages;
    uint32_t stage_count;
    const struct threshold_finding *findings;
    uint32_t finding_count;
    const struct audit *audit; /* told beside the thresholds; NULL = there was none */
    const char *audited;       /* the record, when it has the tables of an audit; NULL = none */
};

enum load_verdict { LOAD_PASSED, LOAD_FAILED, LOAD_TOO_SLOW, LOAD_INTERRUPTED };
/* The user's own end before too slow before failed before passed: a number that the generator spoilt
 * proves nothing. A run that --abort-on ended has failed. */
enum load_verdict load_verdict(const struct load_report *report);
/* In a sentence: "FAILED: 1 of 2 thresholds broken: ...". Caller frees. */
char *load_verdict_text(const struct load_report *report);

void summary_print(const struct load_report *report, FILE *stream);
/* Caller owns. Its keys, in this order; times are numbers in the unit of their name, a list of clocks
 * below CLOCKS is {"response_ms": {"count", "mean", "p50", "p75", "p90", "p95", "p99", "p99.9",
 * "p99.99", "p99.999", "max", "clipped"}, "service_ms": ..., "lateness_ms": ...}:
 *
 *   verdict       "passed", "failed", "too_slow" or "interrupted"
 *   verdict_text  in a sentence
 *   title, command, mode, targets, api, plan, started (UTC), elapsed_s, intended_s, warm_up_s,
 *   stop_reason   as in struct load_report and load_result; null for none
 *   requests      {count, intended, warm_up, errors, error_share, asked_per_s, held_per_s, outcomes
 *                 {OUTCOME: n}, statuses {STATUS: n}}
 *   total         CLOCKS
 *   steps         {STEP: {count, errors, outcomes, CLOCKS}}, steps that were sent
 *   journeys      {started, completed, refused, failed, cut_off, in_flight_max}
 *   counts        {retries, log_ins, ... as measure_count_name() has them}
 *   thresholds    [{text, source, held, abort, value, limit, unit, value_text, at_s}]
 *   stages        [{duration_s, from_per_s, to_per_s}]
 *   generator     {too_slow, why, threads, pace, own_lateness_ms, cpu_user_s, cpu_system_s,
 *                 cpu_us_per_request, memory_bytes {journeys, sessions, links}, late_records,
 *                 lost_records}
 *   tls           {errors, text}
 *   recorded      outcomes on disk
 */
json_t *summary_json(const struct load_report *report);
/* Each is written whole or not at all. */
gboolean summary_write_junit(const struct load_report *report, const char *path,
                             GError **ret_error);
gboolean summary_write_csv(const struct load_report *report, const char *path, GError **ret_error);
gboolean summary_write_hlog(const struct load_report *report, const char *path, GError **ret_error);
gboolean summary_write_hgrm(const struct load_report *report, const char *path, GError **ret_error);
/* The tables of results/load_results.h (replay/save.c). */
gboolean summary_write_database(const struct load_report *report, const char *path,
                                GError **ret_error);
/* The same of a capacity search, with its probes. `report` says what the whole was about; its
 * result may be NULL. */
gboolean summary_write_capacity(const struct load_report *report,
                                const struct capacity_result *capacity, const char *path,
                                GError **ret_error);

#endif
