/* The store: SQLite, one connection that writes and one for each thread that reads, all statements
 * prepared.
 *
 * Reads see the last commit (WAL snapshots). Writes are executed by one thread, in order, many to a
 * transaction, each within a savepoint: a handler that refuses leaves nothing. schema.h has the
 * tables, statements.def the SQL.
 */
#ifndef BACKEND_STORE_H
#define BACKEND_STORE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum statement {
#define STATEMENT(name, sql) STATEMENT_##name,
#include "backend/statements.def"
#undef STATEMENT
    STATEMENT_COUNT
};

/* One connection with its prepared statements. One thread. */
struct store;

struct store *store_open(const char *path, bool writes, GError **ret_error);
void store_close(struct store *store);

/* A statement, reset and without bindings; parameters follow: 'i' int64_t, 't' const char * (NULL =
 * NULL; borrowed until the next use), in the order of ?1, ?2 ...:
 *
 *     store_bind(store, STATEMENT_stock_get, "ii", place, product);
 *     while (store_row(store, STATEMENT_stock_get)) units = store_int(store, STATEMENT_stock_get, 0);
 *
 * store_row() is false at the end, and after an error, which store_failed() remembers until
 * store_clear(): the request is then answered with 500 and rolled back. */
void store_bind(struct store *store, enum statement statement, const char *types, ...);
bool store_row(struct store *store, enum statement statement);
int64_t store_int(struct store *store, enum statement statement, int column);
/* NULL = NULL; until the statement's next step. */
const char *store_text(struct store *store, enum statement statement, int column);
/* Bind and step once, for writes; returns how many rows were changed. */
int64_t store_run(struct store *store, enum statement statement, const char *types, ...);
int64_t store_last_id(const struct store *store);
bool store_failed(const struct store *store);
const char *store_problem(const struct store *store);
void store_clear(struct store *store);

#endif
