/* Tables beside the requests of a record: what belongs to a run and is no request, such as the books
 * that were read before and after it. The record must be closed (or its writer dead).
 *
 *     g_autoptr(RecordTable) t = record_table_write("run.db", "book_stock", columns, 3, &error);
 *     record_table_add(t, cells, &error) ...
 *     record_table_commit(t, &error)             all of it or nothing, replacing a table of that name
 *
 * Names of tables and columns are letters, digits and _; the tables of record.h can't be written.
 * Errors: BAD_INPUT for a file that is no record or is damaged, CANNOT_RUN for what the machine
 * refuses. One thread.
 */
#ifndef RESULTS_RECORD_TABLE_H
#define RESULTS_RECORD_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct record_column {
    const char *name; /* letters, digits and _ */
    bool is_text;
};

struct record_cell {
    const char *text; /* of text columns; NULL = NULL */
    int64_t number;   /* of the others; RECORD_NO_NUMBER = NULL */
};
#define RECORD_NO_NUMBER INT64_MIN

typedef struct record_table RecordTable;

RecordTable *record_table_write(const char *path, const char *name,
                                const struct record_column *columns, uint32_t column_count,
                                GError **ret_error);
gboolean record_table_add(RecordTable *table, const struct record_cell *cells, GError **ret_error);
gboolean record_table_commit(RecordTable *table, GError **ret_error);
/* Rolls back what was not committed. */
void record_table_free(RecordTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecordTable, record_table_free)

/* Calls `row` for each row in the order they were added; cells are borrowed for the call. Columns
 * that the table lacks are NULL. *ret_found is FALSE when there is no such table. BAD_INPUT when the
 * file is damaged: "run.db: book_stock: database disk image is malformed". */
gboolean record_table_read(const char *path, const char *name, const struct record_column *columns,
                           uint32_t column_count,
                           void (*row)(void *user, const struct record_cell *cells), void *user,
                           bool *ret_found, GError **ret_error);
/* Adds or replaces rows of record_run. `pairs`: key, value, ..., NULL. */
gboolean record_note_later(const char *path, const char *const *pairs, GError **ret_error);

#endif
