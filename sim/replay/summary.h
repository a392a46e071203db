/* What a run leaves behind for people and machines. All read the same `struct load_report`.
 *
 *   text       one screen on standard output, for people
 *   json       one document, for scripts (README lists its keys)
 *   junit      a test case for each threshold, one for "the generator kept up"
 *   csv        the series: one row an interval
 *   hlog       HdrHistogram log V2 (compressed): one line an interval would need the exact
 *              histograms of each; here one line a step kind and clock (tags "check_out.response"),
 *   whole run hgrm       HdrHistogram percentile text, response of the total, in milliseconds
 *   db         SQLite tables, results/load_results.h
 */
#ifndef REPLAY_SUMMARY_H
#define REPLAY_SUMMARY_H

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
};

enum load_verdict { LOAD_PASSED, LOAD_FAILED, LOAD_TOO_SLOW, LOAD_INTERRUPTED };
/* Too slow before failed before passed: a number that the generator spoilt proves nothing. */
enum load_verdict load_verdict(const struct load_report *report);

void summary_print(const struct load_report *report, FILE *stream);
json_t *summary_json(const struct load_report *report); /* caller owns */
/* Each is written whole or not at all. */
gboolean summary_write_junit(const struct load_report *report, const char *path,
                             GError **ret_error);
gboolean summary_write_csv(const struct load_report *report, const char *path, GError **ret_error);
gboolean summary_write_hlog(const struct load_report *report, const char *path, GError **ret_error);
gboolean summary_write_hgrm(const struct load_report *report, const char *path, GError **ret_error);
/* The tables of results/load_results.h (replay/save.c). */
gboolean summary_write_database(const struct load_report *report, const char *path,
                                GError **ret_error);

#endif
