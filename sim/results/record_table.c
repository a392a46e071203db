/* A table is one transaction: dropped, made and filled anew, or left as it was. The record's own
 * tables are out of reach, for what was recorded is evidence and stays.
 *
 * What is read is not trusted: values are of the type that was asked for, or the table is refused
 * (reader.h). Columns are looked up by name, so an older or newer version's table is read as far as
 * it says the same.
 */
#include "results/record_table.h"

#include <string.h>

#include "results/fresh.h"
#include "results/reader.h"
#include "results/record.h"

#define COLUMNS_MAX 64

struct record_table {
    struct database database;
    sqlite3_stmt *insert;
    char *name;
    uint32_t column_count;
    bool is_text[COLUMNS_MAX];
};

static const char *const own_tables[] = {"request", "telling", "hook", "record_run"};

static void check_name(const char *name)
{
    g_assert(name[0] != '\0' && !g_ascii_isdigit(name[0]));
    for (const char *at = name; *at != '\0'; at++)
        g_assert(g_ascii_isalnum(*at) || *at == '_');
}

static void check_table_name(const char *name)
{
    check_name(name);
    g_assert(!g_str_has_suffix(name, "_name") && !g_str_has_prefix(name, "sqlite_"));
    for (size_t i = 0; i < G_N_ELEMENTS(own_tables); i++)
        g_assert(g_ascii_strcasecmp(name, own_tables[i]) != 0);
}

static gboolean open_record(struct database *database, const char *path, int flags,
                            GError **ret_error)
{
    const int64_t format = fresh_format(path);

    if (format != RECORD_FORMAT) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: %s", path,
                    g_file_test(path, G_FILE_TEST_EXISTS)
                        ? "not the record of a load run's requests, or one of another version"
                        : "no such file");
        return FALSE;
    }
    return database_open(database, path, flags | SQLITE_OPEN_NOMUTEX, ret_error) &&
           database_run(database, "PRAGMA trusted_schema = OFF", ret_error);
}

/* ---- writing --------------------------------------------------------------------------------- */

static gboolean write_begin(RecordTable *table, const struct record_column *columns,
                            GError **ret_error)
{
    struct database *database = &table->database;
    g_autofree char *drop = g_strdup_printf("DROP TABLE IF EXISTS \"%s\"", table->name);
    g_autoptr(GString) create = g_string_new(NULL), insert = g_string_new(NULL);

    g_string_printf(create, "CREATE TABLE \"%s\" (", table->name);
    g_string_printf(insert, "INSERT INTO \"%s\" VALUES (", table->name);
    for (uint32_t i = 0; i < table->column_count; i++) {
        check_name(columns[i].name);
        table->is_text[i] = columns[i].is_text;
        g_string_append_printf(create, "%s\"%s\" %s", i > 0 ? ", " : "", columns[i].name,
                               columns[i].is_text ? "TEXT" : "INTEGER");
        g_string_append(insert, i > 0 ? ", ?" : "?");
    }
    g_string_append_c(create, ')');
    g_string_append_c(insert, ')');
    if (!database_run(database, "BEGIN IMMEDIATE", ret_error) ||
        !database_run(database, drop, ret_error) || !database_run(database, create->str, ret_error))
        return FALSE;
    table->insert = database_prepare(database, insert->str, ret_error);
    return table->insert != NULL;
}

RecordTable *record_table_write(const char *path, const char *name,
                                const struct record_column *columns, uint32_t column_count,
                                GError **ret_error)
{
    g_autoptr(RecordTable) table = g_new0(RecordTable, 1);

    check_table_name(name);
    g_assert(column_count > 0 && column_count <= COLUMNS_MAX);
    table->name = g_strdup(name);
    table->column_count = column_count;
    if (!open_record(&table->database, path, SQLITE_OPEN_READWRITE, ret_error) ||
        !write_begin(table, columns, ret_error))
        return NULL;
    return g_steal_pointer(&table);
}

gboolean record_table_add(RecordTable *table, const struct record_cell *cells, GError **ret_error)
{
    for (uint32_t i = 0; i < table->column_count; i++) {
        const int column = (int)i + 1;
        if (table->is_text[i] && cells[i].text != NULL)
            sqlite3_bind_text(table->insert, column, cells[i].text, -1, SQLITE_STATIC);
        else if (!table->is_text[i] && cells[i].number != RECORD_NO_NUMBER)
            sqlite3_bind_int64(table->insert, column, cells[i].number);
        else
            sqlite3_bind_null(table->insert, column);
    }
    return database_insert(&table->database, table->insert, ret_error);
}

gboolean record_table_commit(RecordTable *table, GError **ret_error)
{
    g_clear_pointer(&table->insert, sqlite3_finalize);
    return database_run(&table->database, "COMMIT", ret_error);
}

void record_table_free(RecordTable *table)
{
    if (table == NULL)
        return;
    g_clear_pointer(&table->insert, sqlite3_finalize);
    database_roll_back(&table->database);
    database_close(&table->database);
    g_free(table->name);
    g_free(table);
}

static gboolean note_pairs(struct database *database, const char *const *pairs, GError **ret_error)
{
    g_autoptr(sqlite3_stmt) insert =
        database_prepare(database, "INSERT OR REPLACE INTO record_run VALUES (?, ?)", ret_error);

    for (; insert != NULL && *pairs != NULL; pairs += 2) {
        database_bind_text(insert, 1, pairs[0]);
        database_bind_text(insert, 2, pairs[1]);
        if (!database_insert(database, insert, ret_error))
            return FALSE;
    }
    return insert != NULL;
}

gboolean record_note_later(const char *path, const char *const *pairs, GError **ret_error)
{
    struct database database = {.sqlite = NULL};
    const gboolean done = open_record(&database, path, SQLITE_OPEN_READWRITE, ret_error) &&
                          database_run(&database, "BEGIN IMMEDIATE", ret_error) &&
                          note_pairs(&database, pairs, ret_error) &&
                          database_run(&database, "COMMIT", ret_error);

    database_roll_back(&database);
    database_close(&database);
    return done;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What to select: NULL for a column that the table lacks. NULL: there is no such table, or *error. */
static char *find_columns(struct database *database, const char *name,
                          const struct record_column *columns, uint32_t column_count,
                          GError **ret_error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(sqlite3_stmt) select = NULL;
    g_autofree char *sql = g_strdup_printf("SELECT name FROM pragma_table_info('%s')", name);
    gboolean row = TRUE;

    select = database_prepare(database, sql, ret_error);
    while (select != NULL && row) {
        if (!database_next(database, select, &row, ret_error))
            return NULL;
        if (row)
            g_ptr_array_add(found, g_strdup(database_text(select, 0)));
    }
    if (select == NULL || found->len == 0)
        return NULL;
    for (uint32_t i = 0; i < column_count; i++) {
        check_name(columns[i].name);
        g_string_append(list, i > 0 ? ", " : "");
        if (g_ptr_array_find_with_equal_func(found, columns[i].name, g_str_equal, NULL))
            g_string_append_printf(list, "\"%s\"", columns[i].name);
        else
            g_string_append(list, "NULL");
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static struct record_cell read_cell(struct reader *r, int column, bool is_text)
{
    struct record_cell cell = {.text = NULL, .number = RECORD_NO_NUMBER};

    if (reader_is_null(r, column))
        return cell;
    if (is_text)
        cell.text = reader_text(r, column, NULL);
    else
        cell.number = reader_number(r, column);
    return cell;
}

static gboolean read_rows(struct database *database, const char *name, const char *list,
                          const struct record_column *columns, uint32_t column_count,
                          void (*row)(void *user, const struct record_cell *cells), void *user,
                          GError **ret_error)
{
    struct record_cell cells[COLUMNS_MAX];
    struct reader r;

    reader_begin(&r, database, name, list);
    while (reader_next(&r)) {
        for (uint32_t i = 0; i < column_count; i++)
            cells[i] = read_cell(&r, (int)i, columns[i].is_text);
        if (r.error == NULL)
            row(user, cells);
    }
    return reader_end(&r, ret_error);
}

gboolean record_table_read(const char *path, const char *name, const struct record_column *columns,
                           uint32_t column_count,
                           void (*row)(void *user, const struct record_cell *cells), void *user,
                           bool *ret_found, GError **ret_error)
{
    struct database database = {.sqlite = NULL};
    g_autoptr(GError) error = NULL;
    g_autofree char *list = NULL;
    gboolean done = FALSE;

    check_name(name);
    g_assert(column_count > 0 && column_count <= COLUMNS_MAX);
    if (open_record(&database, path, SQLITE_OPEN_READONLY, &error)) {
        list = find_columns(&database, name, columns, column_count, &error);
        if (error != NULL)
            database_blame_table(&database, name, error);
        done = error == NULL;
    }
    if (list != NULL)
        done = read_rows(&database, name, list, columns, column_count, row, user, &error);
    database_close(&database);
    if (!done) {
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return FALSE;
    }
    *ret_found = list != NULL;
    return TRUE;
}
