/* What an audit found, for report pages: tables beside the requests of a record, which the result of
 * a load run may take with it.
 *
 *   audit          invariant, in their order: invariant, title, text, verdict ('holds', 'violated',
 *                  'cannot tell'), checked, open, violations, amount, missing (lines)
 *   audit_finding  finding: invariant, rank (from 1, the worst), subject, text, at_us (since the run
 *                  began; NULL = known from the books alone), amount, requests (lines)
 *   audit_fact     key, value: sentence, verdict, counts (requests, done, not_done, open,
 *                  orders_asked, orders_done, orders_open, orders_in_books), and notes ('note')
 *   audit_level    units of the position that was oversold most, over the run: subject, at_us, sold
 *                  (certainly), there
 *   audit_rate     requests over the run, of an interval of sending: at_us, length_us, answered,
 *                  failed (5xx), silent (no answer)
 *   audit_hook     what was done to the service meanwhile: at_us, what, detail
 *
 * The first four are written by the audit (replay/audit/tell.h), the others are worked out of the
 * record.
 */
#ifndef RESULTS_AUDIT_RESULTS_H
#define RESULTS_AUDIT_RESULTS_H

#include "results/load_results.h"

struct database;

/* Whether the file is the record of a load run, audited or not. */
gboolean audit_results_is_record(const char *path);
/* A record with an audit, for queries alone, as load_results_open() does it. BAD_INPUT when there is
 * none in it: "run.db: nobody has audited this run: omosim audit run.db ...". */
Results *audit_results_open(const char *record, GError **ret_error);

/* For results/load_results*.c alone. Makes the tables in `database` and fills them from a record. */
gboolean audit_results_copy(struct database *database, const char *record, GError **ret_error);
/* Empty ones where the file has none, for readers. */
gboolean audit_results_stand_in(struct database *database, GError **ret_error);

#endif
