/* Pages are made by queries, so what a page shows has to be in a database. A fit takes a second or
 * two and is told whole by --json, so its database is not kept: it lives in memory for one page. */
#include "results/fit_results.h"

#include <string.h>

#include "results/private.h"

static const struct fit_table {
    const char *name;
    uint32_t column_count;
    const char *columns;
} fit_tables[] = {
    {"fit", 2, "key TEXT PRIMARY KEY, value TEXT"},
    {"fit_parameter", 5, "law TEXT, name TEXT, value REAL, error REAL, note TEXT"},
    {"fit_frequency", 4, "repeats INTEGER, last INTEGER, actual INTEGER, expected REAL"},
    {"fit_week", 4, "week REAL, actual INTEGER, expected REAL, held INTEGER"},
    {"fit_holdout", 5,
     "repeats INTEGER, last INTEGER, customers INTEGER, actual INTEGER, expected REAL"},
    {"fit_hour", 3, "stream TEXT, hour INTEGER, visits REAL"},
    {"fit_count", 3, "what TEXT, value INTEGER, share REAL"},
    {"fit_count_law", 4, "what TEXT, law TEXT, value INTEGER, share REAL"},
    {"fit_rank", 4, "law TEXT, rank INTEGER, share REAL, below REAL"},
    {"fit_price", 4, "low REAL, high REAL, actual REAL, expected REAL"},
    {"fit_choice", 6,
     "what TEXT, law TEXT, parameters TEXT, aic REAL, distance REAL, best INTEGER"},
};

Results *fit_results_new(GError **ret_error)
{
    g_autoptr(Results) results = g_new0(Results, 1);

    if (!database_open(&results->database, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                       ret_error))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(fit_tables); i++) {
        g_autofree char *sql =
            g_strdup_printf("CREATE TABLE %s (%s)", fit_tables[i].name, fit_tables[i].columns);
        if (!database_run(&results->database, sql, ret_error))
            return NULL;
    }
    return g_steal_pointer(&results);
}

void fit_results_add(Results *results, const char *table, const struct load_value *values,
                     uint32_t count, GError **ret_error)
{
    size_t t = 0;

    while (t < G_N_ELEMENTS(fit_tables) && strcmp(fit_tables[t].name, table) != 0)
        t++;
    g_assert(t < G_N_ELEMENTS(fit_tables));
    g_assert(count == fit_tables[t].column_count);
    if (*ret_error != NULL)
        return;
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s VALUES (?", table);
    for (uint32_t i = 1; i < count; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    g_autoptr(sqlite3_stmt) insert = database_prepare(&results->database, sql->str, ret_error);
    if (insert == NULL)
        return;
    for (uint32_t i = 0; i < count; i++)
        load_value_bind(insert, (int)i + 1, &values[i]);
    database_insert(&results->database, insert, ret_error);
}
