/* A thin layer over SQLite: errors with the file's name and plain words, statements that free
 * themselves, transactions that roll back unless they were committed.
 *
 * One thread uses a Database at a time.
 */
#ifndef RESULTS_DATABASE_H
#define RESULTS_DATABASE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdint.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

struct database {
    sqlite3 *sqlite; /* NULL when closed */
    char *path;
};

/* Opens with SQLITE_OPEN_... flags; a file of ours that a killed writer left with a journal is rolled
 * back, for readers too. On failure `database` is closed again. */
gboolean database_open(struct database *database, const char *path, int flags, GError **ret_error);
/* Closes, whatever the state; may be called twice. */
void database_close(struct database *database);

/* Sets *ret_error to "PATH: no space left on device" and the like. Returns FALSE. */
gboolean database_fail(struct database *database, GError **ret_error);
/* In an error of the functions here, puts "TABLE: " behind the file's name. */
void database_blame_table(const struct database *database, const char *table, GError *error);
/* Runs statements that give no rows. */
gboolean database_run(struct database *database, const char *sql, GError **ret_error);
/* Compiles one statement; caller frees with sqlite3_finalize() (g_autoptr). */
sqlite3_stmt *database_prepare(struct database *database, const char *sql, GError **ret_error);
/* Runs a bound statement that gives no rows, and makes it ready for the next binding. */
gboolean database_insert(struct database *database, sqlite3_stmt *statement, GError **ret_error);
/* Steps to the next row: *ret_row is FALSE after the last one. */
gboolean database_next(struct database *database, sqlite3_stmt *statement, gboolean *ret_row,
                       GError **ret_error);
/* Rolls back when a transaction is open. */
void database_roll_back(struct database *database);

/* Binds parameter `i` (from 1). NULL text is bound as ''. The text must live until the insert. */
void database_bind_text(sqlite3_stmt *statement, int i, const char *text);
/* Column as text, "" for NULL. Borrowed until the next step. */
const char *database_text(sqlite3_stmt *statement, int i);
/* Column as number, NaN for NULL. */
double database_number(sqlite3_stmt *statement, int i);

#endif
