/* What an audit found, as parts of a page: of a load run that was audited, or of a record alone. All
 * of it is asked of the tables of results/audit_results.h; without an audit nothing is written.
 */
#ifndef REPORT_AUDIT_SECTION_H
#define REPORT_AUDIT_SECTION_H

#include "results/results.h"

/* Whether there was an audit, and whether it found a violation. */
gboolean audit_section_verdict(Results *results, gboolean *ret_audited, gboolean *ret_violated,
                               GError **ret_error);
/* The verdict in one plain sentence. Caller frees. */
char *audit_section_answer(Results *results, GError **ret_error);
/* Verdict by verdict, pictures (struct plot *), evidence, what could not be told. */
gboolean audit_section_write(Results *results, const GPtrArray *plots, GString *html,
                             GError **ret_error);
/* A page of its own, of a record. */
gboolean audit_page_write(Results *results, const GPtrArray *plots, GString *html,
                          GError **ret_error);

#endif
