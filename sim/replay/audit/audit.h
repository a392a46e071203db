/* The audit: whether a service kept its books, judged from what its clients were told.
 *
 * Input is the history (every request with its outcome) and the books before and after. For each
 * invariant the answer is holds, violated or cannot tell, with the evidence. In the manner of
 * Jepsen's histories (Kingsbury; Elle, Kingsbury & Alvaro 2020), for commerce.
 *
 * Soundness. An outcome is one of
 *   done      acknowledged: answered as expected; certainly happened, between sending and answer
 *   not done  refused, or never sent; certainly did not happen (unless it was tried before: a request
 *             sent more than once is not done only if no try of it may have been)
 *   open      everything else: timed out, reset, cut off, 5xx, an unlisted status, a failed check; it
 *             may have happened at any time from its sending on, or not at all
 * An invariant is violated for a key (position, coupon, member, order) only when no choice of the
 * open outcomes that touch this key satisfies it. Where there are up to AUDIT_EXACT_MAX of them all
 * choices of sums are tried, else bounds are used: never a false alarm.
 *
 * Assumption, told with the result: between the two readings nobody but the run changed the books
 * (new orders that nobody of the run asked for are a finding, not an excuse).
 *
 * Cost: sorting, so n log n in the history with about 250 bytes a request.
 */
#ifndef REPLAY_AUDIT_AUDIT_H
#define REPLAY_AUDIT_AUDIT_H

#include "results/history.h"
#include "traffic/api_books.h"

#define AUDIT_EXACT_MAX 16     /* open outcomes of a key whose choices are all tried */
#define AUDIT_FINDINGS_MAX 100 /* of an invariant that are told; all are counted */
#define AUDIT_REQUESTS_MAX 12  /* of a finding that are named */

enum audit_verdict { AUDIT_HOLDS, AUDIT_VIOLATED, AUDIT_CANNOT_TELL };
const char *audit_verdict_name(enum audit_verdict verdict); /* "holds", "violated", "cannot tell" */

enum audit_invariant {
#define INVARIANT(name, title, text) AUDIT_##name,
#include "replay/audit/invariants.def"
#undef INVARIANT
    AUDIT_INVARIANT_COUNT
};
const char *audit_invariant_name(enum audit_invariant invariant);
const char *audit_invariant_title(enum audit_invariant invariant);
const char *audit_invariant_text(enum audit_invariant invariant);

struct audit_request { /* evidence: a request of the history */
    uint64_t number;
    char *
        text; /* "check_out of order 21-4 by member 7: acknowledged, 201, sent 12.041 s, 3 tries" */
};

struct audit_finding {
    char *subject;  /* "SKU sku_0004 at store_0012", "member 7", "coupon 0", "order 21-4" */
    char *text;     /* "12 units sold, 10 were there: 2 sold twice, from 14.203 s on" */
    int64_t at_us;  /* when it was certain, since the run began; -1 = known from the books alone */
    int64_t amount; /* how much: units, cents, points, orders; 0 = not a matter of amount */
    GArray *requests; /* struct audit_request, at most AUDIT_REQUESTS_MAX */
};

struct audit_result {
    enum audit_verdict verdict;
    uint64_t checked;    /* keys that were judged */
    uint64_t open;       /* of them, those where open outcomes left room */
    uint64_t violations; /* keys that are violated */
    int64_t amount;      /* sum of the findings' amounts, all of them */
    GPtrArray *findings; /* struct audit_finding, worst first, at most AUDIT_FINDINGS_MAX */
    GPtrArray *missing;  /* char *: what was not there to tell by: "no book 'coupons'" */
};

struct audit_counts { /* of the history */
    uint64_t requests, done, not_done, open;
    uint64_t orders_asked, orders_done, orders_open;
    uint64_t orders_in_books; /* new since the first reading */
};

struct audit_input {
    History *history;            /* borrowed; texts are taken into its Intern */
    const Books *before, *after; /* borrowed, texts of the same Intern; empty = not read */
    const ApiMap *map;
    /* Two readings after the run, one behind the other, were alike: nothing was changed between the
     * first book and the last. Without it an open request may have been done when some books were
     * read and others not yet, and the audit allows for that. */
    bool is_still;
};

/* Units of one position over the run: those certainly sold (and not given back), and those there. */
struct audit_level {
    int64_t at_us;
    int64_t sold, there;
};
struct audit_levels { /* of the position that was oversold most; none: subject NULL, no rows */
    char *subject;
    GArray *rows; /* struct audit_level, by time; NULL = none */
};

/* Whether an outcome of it is open: then the books are read until two readings are alike. */
bool audit_has_open(const History *history);

typedef struct audit Audit;
/* Judges. Fails with BAD_INPUT only: the map does not fit the record ("run.db was recorded with an
 * API map whose request 4 was 'check_out', api.yaml has 'pay' there"). Caller frees. */
Audit *audit_run(const struct audit_input *input, GError **ret_error);
void audit_free(Audit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audit, audit_free)

const struct audit_result *audit_result(const Audit *audit, enum audit_invariant invariant);
const struct audit_counts *audit_counts(const Audit *audit);
/* The worst of all: violated, else (nothing but) holds, else cannot tell when nothing could be told.
 */
enum audit_verdict audit_verdict(const Audit *audit);
const struct audit_levels *audit_levels(const Audit *audit);
/* Notes for the reader: "the record is not complete", "books before the run were not read". NULL-
 * terminated, borrowed. */
const char *const *audit_notes(const Audit *audit);

#endif
