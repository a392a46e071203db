/* What `omosim replay --audit` and `omosim audit` share: a service's books are read before and after
 * a run, kept in its record, and judged with it. */
#ifndef CLI_AUDITING_H
#define CLI_AUDITING_H

#include "replay/audit/audit.h"
#include "replay/audit/read.h"

struct auditing {
    /* set by the caller, borrowed */
    const ApiMap *map;
    const struct target
        *target; /* whose books are read; NULL = those kept in the record are used */
    int64_t timeout_ns;
    const char *record;

    /* made */
    Intern *texts; /* of `before`, until there is a history */
    Books *before, *after;
    History *history;
    Audit *audit;
    bool is_still; /* nothing moved while `after` was read: audit_input */
    char *folder;  /* of a temporary record */
};

#define AUDITING_FINDINGS 5 /* of each invariant that are shown unless --findings says otherwise */

/* BAD_USAGE when the map (of the file `path`, NULL = none) does not say how to read books. */
gboolean auditing_check_map(const ApiMap *map, const char *path, GError **ret_error);
/* Frees what was made, a temporary record too. */
void auditing_clear(struct auditing *a);
/* Makes up a name for a record that nobody asked to keep: a->record. CANNOT_RUN. */
gboolean auditing_make_record(struct auditing *a, GError **ret_error);

/* Reads the books before a run of the plan's journeys that start in [from, to). FALSE: nothing could
 * be read. Books that could not are told on standard error. */
gboolean auditing_read_before(struct auditing *a, const Plan *plan, int64_t from_us, int64_t to_us,
                              GError **ret_error);
/* Puts what auditing_read_before() read into the record, once that is closed. */
gboolean auditing_keep_before(struct auditing *a, GError **ret_error);

/* Opens the record, reads the books (target) or takes those of an earlier audit, judges, and keeps
 * books and judgement in the record. What the run left open may still be under way: then the books
 * are read until they stand still, and if `fresh` (the run has just ended) not before a moment has
 * passed. BAD_INPUT: a damaged record, or one of another map. CANNOT_RUN: no book can be read. */
gboolean auditing_judge(struct auditing *a, gboolean fresh, GError **ret_error);

#endif
