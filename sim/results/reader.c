/* SQLite converts what it stores to whatever type it is asked for: 'none' as a number is 0, 2^40 cut
 * to 32 bits is 0, too. A reader that takes what it gets finds orders that nobody made; so each value
 * is looked at as it was stored, which costs a tenth of the reading.
 */
#include "results/reader.h"

#include <inttypes.h>

void reader_refuse(struct reader *r, OmoShellError code, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    if (r->error != NULL)
        return;
    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    r->error =
        g_error_new(OMO_SHELL_ERROR, (int)code, "%s: %s: %s", r->database->path, r->table, text);
}

void reader_begin(struct reader *r, struct database *database, const char *table,
                  const char *columns)
{
    g_autofree char *sql = g_strdup_printf("SELECT %s FROM \"%s\"", columns, table);

    *r = (struct reader){.database = database, .table = table};
    r->select = database_prepare(database, sql, &r->error);
    if (r->select == NULL)
        database_blame_table(database, table, r->error);
}

bool reader_next(struct reader *r)
{
    gboolean found = FALSE;

    if (r->error != NULL)
        return false;
    r->row++;
    if (!database_next(r->database, r->select, &found, &r->error))
        database_blame_table(r->database, r->table, r->error);
    return found;
}

gboolean reader_end(struct reader *r, GError **ret_error)
{
    sqlite3_finalize(r->select);
    r->select = NULL;
    if (r->error == NULL)
        return TRUE;
    g_propagate_error(ret_error, r->error);
    return FALSE;
}

int64_t reader_number(struct reader *r, int column)
{
    if (sqlite3_column_type(r->select, column) != SQLITE_INTEGER)
        reader_refuse(r, OMO_SHELL_ERROR_BAD_INPUT, "row %" PRIu64 ": %s is not a number", r->row,
                      sqlite3_column_name(r->select, column));
    return sqlite3_column_int64(r->select, column);
}

uint64_t reader_part(struct reader *r, int column, uint64_t most, bool optional, uint64_t none)
{
    int64_t number;

    if (optional && sqlite3_column_type(r->select, column) == SQLITE_NULL)
        return none;
    number = reader_number(r, column);
    if (number < 0 || (uint64_t)number > most)
        reader_refuse(r, OMO_SHELL_ERROR_BAD_INPUT,
                      "row %" PRIu64 ": %s is %" PRId64 ", not within 0 to %" PRIu64, r->row,
                      sqlite3_column_name(r->select, column), number, most);
    return (uint64_t)number;
}

const char *reader_text(struct reader *r, int column, int64_t *ret_size)
{
    const char *text = NULL;

    if (sqlite3_column_type(r->select, column) == SQLITE_TEXT)
        text = (const char *)sqlite3_column_text(r->select, column);
    if (text == NULL)
        reader_refuse(r, OMO_SHELL_ERROR_BAD_INPUT, "row %" PRIu64 ": %s is not a text", r->row,
                      sqlite3_column_name(r->select, column));
    if (ret_size != NULL)
        *ret_size = text != NULL ? sqlite3_column_bytes(r->select, column) : 0;
    return text != NULL ? text : "";
}

bool reader_is_null(const struct reader *r, int column)
{
    return sqlite3_column_type(r->select, column) == SQLITE_NULL;
}
