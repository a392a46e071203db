/* Reading a service's books, and keeping them in the record. */
#ifndef REPLAY_AUDIT_READ_H
#define REPLAY_AUDIT_READ_H

#include "replay/fetch.h"
#include "results/history.h"
#include "traffic/api_books.h"
#include "traffic/plan.h"

/* Called after each page, and rarely less often than every few seconds: rows of the book so far.
 * FALSE = stop reading. */
typedef gboolean audit_read_progress(void *user, enum book book, uint64_t rows);

/* What `each` of books enumerates, each once, in the order of its coming: numbers of the Intern. */
typedef struct audit_names AuditNames;
struct audit_names {
    GArray *skus, *places, *members,
        *coupons;      /* uint32_t; members are the plan's numbers as text */
    GArray *positions; /* uint32_t place, sku, place, sku ... that steps touch */
};
/* From the steps of a plan that the map makes requests of, of journeys that start in [from, to).
 * Caller frees. */
struct audit_names *audit_names_of_plan(const Plan *plan, const ApiMap *map, int64_t from_us,
                                        int64_t to_us, Intern *texts);
/* From the requests of a history, and the positions and coupons of the books that were read before
 * it (texts of the history's Intern). Caller frees. */
struct audit_names *audit_names_of_history(History *history, const Books *before);
void audit_names_free(struct audit_names *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditNames, audit_names_free)

/* Reads all books of the map. A book that fails is noted in it (books_fail()) and the others are
 * read all the same; FALSE only when nothing can be read at all (target gone, `begin` refused) or
 * `progress` said so. What fails by itself (a time-out, a broken connection, 429, 5xx) is asked for
 * up to READ_TRIES times: reading changes nothing. */
#define READ_TRIES 4
gboolean audit_read_books(Fetch *fetch, const ApiMap *map, const struct audit_names *names,
                          Intern *texts, Books *books, audit_read_progress *progress, void *user,
                          GError **ret_error);

/* Into tables `book_NAME_before` or `_after` of a closed record, with `book_reading` (moment, book,
 * rows, columns, at_us (since 1970), problem); read back by audit_load_books(). */
gboolean audit_save_books(const Books *books, const Intern *texts, const char *record,
                          const char *moment, GError **ret_error);
/* Empty when nothing was saved. NULL: BAD_INPUT, the record is damaged. */
Books *audit_load_books(const char *record, const char *moment, Intern *texts, GError **ret_error);

#endif
