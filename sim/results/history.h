/* The record of a run, read back for the audit: who asked for what, what was answered, when.
 *
 * Read in one pass, 96 bytes a request and 24 a telling (48 while they are sorted); names of places,
 * SKUs and coupons and texts that were told are interned in one Intern. One thread.
 */
#ifndef RESULTS_HISTORY_H
#define RESULTS_HISTORY_H

#include "results/record.h"
#include "shell/intern.h"

struct history_telling { /* sorted by request number, then as they were told */
    uint64_t number;     /* of the request */
    uint32_t what;       /* as the record's telling_name has it: history_telling_name() */
    uint32_t text;       /* of texts; else 0 */
    int64_t value;       /* of numbers */
};

struct history_hook {
    int64_t at_us; /* since the run began */
    const char *what, *detail;
};

typedef struct history History;

/* BAD_INPUT when it is no record or is damaged, CANNOT_RUN when it can't be read for another reason:
 * names the file, the table and what was wrong. A record that is
 * not complete (its writer was killed) is read as far as it goes: history_complete() is FALSE, and
 * requests may be missing. */
History *history_open(const char *path, GError **ret_error);
void history_free(History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)

bool history_complete(const History *history);
/* Borrowed; the audit takes more texts in. */
Intern *history_texts(History *history);
/* Sorted by `number`. */
const struct record_row *history_rows(const History *history, uint64_t *ret_count);
const struct history_telling *history_tellings(const History *history, uint64_t *ret_count);
const struct history_hook *history_hooks(const History *history, uint32_t *ret_count);
/* Value of record_run; NULL = none. */
const char *history_note(const History *history, const char *key);
/* What the plan called a place, SKU or coupon: a number of history_texts(). A number the plan has no
 * name for is its digits; "none" is INTERN_NONE. */
uint32_t history_place(const History *history, uint32_t place);
uint32_t history_sku(const History *history, uint32_t sku);
uint32_t history_coupon(const History *history, uint32_t coupon);
/* Names of requests, outcomes and tellings as they were recorded; NULL past the end. */
const char *history_request_name(const History *history, uint32_t request);
const char *history_outcome_name(const History *history, uint32_t outcome);
const char *history_telling_name(const History *history, uint32_t what);

#endif
