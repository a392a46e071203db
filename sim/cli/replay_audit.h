/* `omosim replay --audit`: the books are read around the run and judged with its record. */
#ifndef CLI_REPLAY_AUDIT_H
#define CLI_REPLAY_AUDIT_H

#include "cli/auditing.h"
#include "cli/replay_options.h"

#include <stdbool.h>

/* Set by GOption; zeroed before use, freed with replay_audit_clear(). */
struct replay_audit {
    gboolean wanted; /* --audit */
    char *findings_text;

    uint32_t findings_max; /* made by replay_audit_check() */
    struct auditing auditing;
};

void replay_audit_add(GArray *entries, struct replay_audit *audit);
void replay_audit_clear(struct replay_audit *audit);
/* BAD_USAGE: the map does not say how to read books, or a number is none. */
gboolean replay_audit_check(struct replay_audit *audit, const struct replay_options *options,
                            GError **ret_error);
/* Before the run: reads the books when a record is kept (`record`, or one made for the audit) and the
 * map says how; what can't be read is an error with --audit, else a warning. The run is to be recorded
 * in audit->auditing.record; NULL = not at all. */
gboolean replay_audit_begin(struct replay_audit *audit, const struct replay_options *options,
                            const char *record, GError **ret_error);
/* After the run, once its record is closed: keeps the books, and with `judge` judges. */
gboolean replay_audit_end(struct replay_audit *audit, bool judge, GError **ret_error);

#endif
