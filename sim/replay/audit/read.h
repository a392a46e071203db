/* Reading a service's books, and keeping them in the record. */
#ifndef REPLAY_AUDIT_READ_H
#define REPLAY_AUDIT_READ_H

#include "replay/fetch.h"
#include "traffic/api_books.h"
#include "traffic/plan.h"

/* Called now and then; rows so far. NULL = nobody looks. */
typedef void audit_read_progress(void *user, enum book book, uint64_t rows);

/* What `each` of books enumerates: names of the plan. Texts of the Intern. */
struct audit_names {
    GArray *skus, *places, *members, *coupons; /* uint32_t */
    GArray *positions; /* uint32_t place, sku, place, sku ... that steps touch */
};
/* From a plan's steps (before a run) or from a history (later). Caller frees. */
struct audit_names *audit_names_of_plan(const Plan *plan, const ApiMap *map, Intern *texts);
void audit_names_free(struct audit_names *names);

/* Reads all books of the map. A book that fails is noted in it (books_fail()) and the others are
 * read all the same; FALSE only when nothing can be read at all (target gone, `begin` refused). */
gboolean audit_read_books(Fetch *fetch, const ApiMap *map, const struct audit_names *names,
                          Intern *texts, Books *books, audit_read_progress *progress, void *user,
                          GError **ret_error);
/* Into tables `book_NAME_before` or `_after` of a closed record, with `book_reading` (moment, book,
 * rows, columns, at_us, problem); read back by audit_load_books(). */
gboolean audit_save_books(const Books *books, const Intern *texts, const char *record,
                          const char *moment, GError **ret_error);
Books *audit_load_books(const char *record, const char *moment, Intern *texts, GError **ret_error);

#endif
