/* A load run's result is written when the run is over, so it is one transaction into a file of
 * another name that gets its own when it is whole. Until then nobody can take it for a result, so
 * it needs no journal; a process that is killed leaves "PATH-new", which the next one removes.
 *
 * Statements are made from the schema when a table gets its first row.
 */
#include "results/load_results.h"

#include <math.h>
#include <string.h>

#include "results/audit_results.h"
#include "results/database.h"
#include "results/fresh.h"
#include "results/load_schema.h"
#include "results/private.h"

struct load_results {
    struct database database;
    char *path;
    char *made; /* the name while it is made */
    sqlite3_stmt *insert[LOAD_TABLES];
    GError *error; /* the first */
};

static gboolean create_tables(struct database *database, GError **ret_error)
{
    g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                            RESULTS_APPLICATION_ID, LOAD_RESULTS_FORMAT);

    if (!database_run(database, mark, ret_error))
        return FALSE;
    for (size_t i = 0; i < LOAD_TABLES; i++) {
        g_autofree char *sql =
            g_strdup_printf("CREATE TABLE %s (%s)", load_tables[i].name, load_tables[i].columns);
        if (!database_run(database, sql, ret_error))
            return FALSE;
    }
    return TRUE;
}

LoadResults *load_results_create(const char *path, GError **ret_error)
{
    g_autoptr(LoadResults) results = g_new0(LoadResults, 1);
    g_autoptr(GError) error = NULL;

    results->path = g_strdup(path);
    if (!fresh_check(path, ret_error))
        return NULL;
    results->made = fresh_name(path);
    if (fresh_remove(results->made, &error) &&
        database_open(&results->database, results->made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                      &error) &&
        database_run(&results->database, "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL",
                     &error) &&
        database_run(&results->database, "BEGIN IMMEDIATE", &error) &&
        create_tables(&results->database, &error))
        return g_steal_pointer(&results);
    fresh_blame(error, results->made, path);
    g_propagate_error(ret_error, g_steal_pointer(&error));
    return NULL;
}

/* The statement that inserts into a table; NULL with the error kept. */
static sqlite3_stmt *add_statement(LoadResults *results, size_t table)
{
    if (results->insert[table] == NULL) {
        g_autoptr(GString) sql = g_string_new(NULL);
        g_string_printf(sql, "INSERT INTO %s VALUES (?", load_tables[table].name);
        for (uint32_t i = 1; i < load_tables[table].column_count; i++)
            g_string_append(sql, ", ?");
        g_string_append_c(sql, ')');
        results->insert[table] = database_prepare(&results->database, sql->str, &results->error);
    }
    return results->insert[table];
}

void load_value_bind(sqlite3_stmt *insert, int i, const struct load_value *value)
{
    switch (value->kind) {
    case LOAD_VALUE_NULL:
        sqlite3_bind_null(insert, i);
        break;
    case LOAD_VALUE_WHOLE:
        sqlite3_bind_int64(insert, i, value->whole);
        break;
    case LOAD_VALUE_NUMBER:
        sqlite3_bind_double(insert, i, value->number); /* NaN is bound as NULL */
        break;
    case LOAD_VALUE_TEXT:
        database_bind_text(insert, i, value->text);
        break;
    }
}

void load_results_add(LoadResults *results, const char *table, const struct load_value *values,
                      uint32_t count)
{
    sqlite3_stmt *insert;
    size_t t = 0;

    while (t < LOAD_TABLES && strcmp(load_tables[t].name, table) != 0)
        t++;
    g_assert(t < LOAD_TABLES);
    g_assert(count == load_tables[t].column_count);
    if (results->error != NULL)
        return;
    insert = add_statement(results, t);
    if (insert == NULL)
        return;
    for (uint32_t i = 0; i < count; i++)
        load_value_bind(insert, (int)i + 1, &values[i]);
    database_insert(&results->database, insert, &results->error);
}

void load_results_take_audit(LoadResults *results, const char *record)
{
    if (results->error == NULL)
        audit_results_copy(&results->database, record, &results->error);
}

/* Ends the database, whatever its state. */
static void close_database(LoadResults *results)
{
    for (size_t i = 0; i < LOAD_TABLES; i++)
        g_clear_pointer(&results->insert[i], sqlite3_finalize);
    database_close(&results->database);
}

gboolean load_results_close(LoadResults *results, GError **ret_error)
{
    g_autoptr(LoadResults) owned = results;

    if (owned->error == NULL)
        database_run(&owned->database, "COMMIT", &owned->error);
    if (owned->error != NULL) {
        fresh_blame(owned->error, owned->made, owned->path);
        g_propagate_error(ret_error, g_steal_pointer(&owned->error));
        return FALSE;
    }
    close_database(owned);
    return fresh_place(owned->made, owned->path, ret_error);
}

void load_results_free(LoadResults *results)
{
    if (results == NULL)
        return;
    close_database(results);
    if (results->made != NULL)
        fresh_remove(results->made, NULL); /* gone already when it was closed well */
    g_clear_error(&results->error);
    g_free(results->made);
    g_free(results->path);
    g_free(results);
}
