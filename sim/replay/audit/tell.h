/* What an audit found, told: for people on a terminal, for machines, for CI, and kept in the record
 * for the report page.
 *
 * In a record: the tables that results/audit_results.h describes.
 */
#ifndef REPLAY_AUDIT_TELL_H
#define REPLAY_AUDIT_TELL_H

#include "replay/audit/audit.h"

#include <jansson.h>
#include <stdio.h>

/* A table of the invariants, then the evidence: the worst findings of each (`findings_max`). */
void audit_print(const Audit *audit, FILE *stream, uint32_t findings_max);
/* "VIOLATED: 2 of 16 invariants (no unit sold twice, and others); 1 cannot be told". Caller frees. */
char *audit_sentence(const Audit *audit);
/* {"verdict", "counts", "notes", "invariants": [{"name", "verdict", "checked", "open", "violations",
 * "amount", "missing", "findings": [{"subject", "text", "at_s", "amount", "requests"}]}]}. The
 * caller's. */
json_t *audit_json(const Audit *audit);
/* JUnit XML, a test case for each invariant (cannot tell = skipped). */
gboolean audit_write_junit(const Audit *audit, const char *path, GError **ret_error);
/* Its test suite alone, for a file that has others too, and how many failures that has. */
void audit_junit_suite(const Audit *audit, FILE *stream);
uint32_t audit_junit_failures(const Audit *audit);
gboolean audit_save(const Audit *audit, const char *record, GError **ret_error);

#endif
