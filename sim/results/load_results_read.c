/* Load results for readers: nothing is read at opening, every picture and table asks for itself.
 *
 * Several runs are one database to SQLite: the others are attached to the first, and a temporary
 * view over each table has the rows of all. The files stay as they are; the views live in memory.
 */
#include "results/load_results.h"

#include "results/audit_results.h"
#include "results/fresh.h"
#include "results/load_schema.h"
#include "results/private.h"
#include "results/record.h"
#include "shell/diagnostic.h"

gboolean load_results_is(const char *path) { return fresh_format(path) == LOAD_RESULTS_FORMAT; }

static gboolean open_check(const char *path, GError **ret_error)
{
    int64_t format = fresh_format(path);

    if (format == LOAD_RESULTS_FORMAT)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: %s", path,
                !g_file_test(path, G_FILE_TEST_EXISTS) ? "no such file"
                : format == RESULTS_FORMAT ? "the result of a simulation, not of a load run"
                : format == RECORD_FORMAT  ? "the record of a load run's requests, not its result"
                                           : "not the result of a load run");
    return FALSE;
}

static gboolean open_attach(struct database *database, const char *path, uint32_t run,
                            GError **ret_error)
{
    g_autofree char *sql = g_strdup_printf("ATTACH ? AS run%u", run);
    g_autoptr(sqlite3_stmt) attach = database_prepare(database, sql, ret_error);

    if (attach == NULL)
        return FALSE;
    database_bind_text(attach, 1, path);
    return database_insert(database, attach, ret_error);
}

static gboolean open_views(struct database *database, uint32_t count, GError **ret_error)
{
    for (size_t t = 0; t < LOAD_TABLES; t++) {
        g_autoptr(GString) sql = g_string_new(NULL);
        g_string_printf(sql, "CREATE TEMP VIEW all_%s AS SELECT 0 AS run, * FROM main.%s",
                        load_tables[t].name, load_tables[t].name);
        for (uint32_t run = 1; run < count; run++)
            g_string_append_printf(sql, " UNION ALL SELECT %u, * FROM run%u.%s", run, run,
                                   load_tables[t].name);
        if (!database_run(database, sql->str, ret_error))
            return FALSE;
    }
    return TRUE;
}

/* What runs are called beside each other: by their mode ("open loop, rate"), with their title where
 * two have the same. */
static gboolean open_labels(struct database *database, GError **ret_error)
{
    return database_run(
        database,
        "CREATE TEMP VIEW all_runs AS SELECT m.run, CASE WHEN (SELECT count(*) FROM all_load o"
        " WHERE o.key = 'mode' AND o.value = m.value) = 1 THEN m.value"
        " ELSE m.value || ': ' || coalesce((SELECT t.value FROM all_load t WHERE t.run = m.run"
        " AND t.key = 'title'), '') END AS label FROM all_load m WHERE m.key = 'mode'",
        ret_error);
}

Results *load_results_open(const char *const *paths, uint32_t count, GError **ret_error)
{
    g_autoptr(Results) results = g_new0(Results, 1);

    g_assert(count > 0 && count <= LOAD_RESULTS_OPEN_MAX);
    for (uint32_t i = 0; i < count; i++)
        if (!open_check(paths[i], ret_error))
            return NULL;
    if (!database_open(&results->database, paths[0], SQLITE_OPEN_READONLY, ret_error))
        return NULL;
    for (uint32_t i = 1; i < count; i++)
        if (!open_attach(&results->database, paths[i], i, ret_error))
            return NULL;
    return open_views(&results->database, count, ret_error) &&
                   open_labels(&results->database, ret_error) &&
                   audit_results_stand_in(&results->database, ret_error)
               ? g_steal_pointer(&results)
               : NULL;
}
