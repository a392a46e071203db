/* An audit's tables, from where they are to where they are read.
 *
 * A page asks the same questions whether it is made of a record or of a load run's result, so both
 * have the same tables: the result copies them, a record's reader makes the missing ones as temporary
 * tables. Results of runs without an audit, and of older versions, get empty ones: no row, no section
 * on the page.
 *
 * A record may hold millions of requests; audit_rate sums them up in at most some 300 intervals.
 */
#include "results/audit_results.h"

#include <string.h>

#include "results/fresh.h"
#include "results/private.h"
#include "results/record.h"
#include "shell/diagnostic.h"

static const struct audit_table {
    const char *name, *columns;
    const char *select; /* of a record; NULL = the table of that name */
} audit_tables[] = {
    {"audit",
     "invariant TEXT, title TEXT, text TEXT, verdict TEXT, checked INTEGER, open INTEGER,"
     " violations INTEGER, amount INTEGER, missing TEXT",
     NULL},
    {"audit_finding",
     "invariant TEXT, rank INTEGER, subject TEXT, text TEXT, at_us INTEGER, amount INTEGER,"
     " requests TEXT",
     NULL},
    {"audit_fact", "key TEXT, value TEXT", NULL},
    {"audit_level", "subject TEXT, at_us INTEGER, sold INTEGER, there INTEGER", NULL},
    {"audit_rate",
     "at_us INTEGER, length_us INTEGER, answered INTEGER, failed INTEGER, silent INTEGER",
     "WITH span AS (SELECT max(100000, (max(sent_us) - min(sent_us)) / 300) AS length"
     "   FROM request)"
     " SELECT sent_us / length * length, length, sum(status BETWEEN 1 AND 499),"
     "   sum(status >= 500), sum(status = 0) FROM request, span WHERE sent_us >= 0"
     " GROUP BY 1 ORDER BY 1"},
    {"audit_hook", "at_us INTEGER, what TEXT, detail TEXT",
     "SELECT at_us, what, detail FROM hook ORDER BY at_us"},
};

static gboolean has_table(struct database *database, const char *name, gboolean *ret_has,
                          GError **ret_error)
{
    g_autoptr(sqlite3_stmt) select =
        database_prepare(database,
                         "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?",
                         ret_error);

    if (select == NULL)
        return FALSE;
    database_bind_text(select, 1, name);
    return database_next(database, select, ret_has, ret_error);
}

gboolean audit_results_is_record(const char *path) { return fresh_format(path) == RECORD_FORMAT; }

/* A record that has been audited. */
static gboolean open_audited(struct database *database, const char *record, GError **ret_error)
{
    gboolean has;

    if (!audit_results_is_record(record)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s: %s", record,
                    g_file_test(record, G_FILE_TEST_EXISTS)
                        ? "not the record of a load run's requests"
                        : "no such file");
        return FALSE;
    }
    if (!database_open(database, record, SQLITE_OPEN_READONLY, ret_error) ||
        !database_run(database, "PRAGMA trusted_schema = OFF", ret_error) ||
        !has_table(database, "audit", &has, ret_error))
        return FALSE;
    if (!has)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: nobody has audited this run: `omosim audit %s --api ... --target ...`",
                    record, record);
    return has;
}

/* ---- copying --------------------------------------------------------------------------------- */

static gboolean copy_rows(struct database *from, sqlite3_stmt *select, struct database *to,
                          sqlite3_stmt *insert, GError **ret_error)
{
    gboolean found;

    while (database_next(from, select, &found, ret_error)) {
        if (!found)
            return TRUE;
        for (int i = 0; i < sqlite3_column_count(select); i++)
            sqlite3_bind_value(insert, i + 1, sqlite3_column_value(select, i));
        if (!database_insert(to, insert, ret_error))
            return FALSE;
    }
    return FALSE;
}

static gboolean copy_table(struct database *from, struct database *to,
                           const struct audit_table *table, GError **ret_error)
{
    g_autofree char *create = g_strdup_printf("CREATE TABLE %s (%s)", table->name, table->columns);
    g_autofree char *all = g_strdup_printf("SELECT * FROM %s", table->name);
    g_autoptr(GString) put = g_string_new(NULL);
    gboolean has = TRUE;

    if (!database_run(to, create, ret_error) ||
        (table->select == NULL && !has_table(from, table->name, &has, ret_error)))
        return FALSE;
    if (!has)
        return TRUE;
    g_autoptr(sqlite3_stmt) select =
        database_prepare(from, table->select != NULL ? table->select : all, ret_error);
    if (select == NULL)
        return FALSE;
    g_string_printf(put, "INSERT INTO %s VALUES (?", table->name);
    for (int i = 1; i < sqlite3_column_count(select); i++)
        g_string_append(put, ", ?");
    g_string_append_c(put, ')');
    g_autoptr(sqlite3_stmt) insert = database_prepare(to, put->str, ret_error);
    return insert != NULL && copy_rows(from, select, to, insert, ret_error);
}

gboolean audit_results_copy(struct database *database, const char *record, GError **ret_error)
{
    struct database from = {.sqlite = NULL};
    gboolean done = open_audited(&from, record, ret_error);

    for (size_t i = 0; done && i < G_N_ELEMENTS(audit_tables); i++)
        done = copy_table(&from, database, &audit_tables[i], ret_error);
    database_close(&from);
    return done;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* `derive`: tables that are worked out of a record's are, else they are empty. */
static gboolean stand_in(struct database *database, gboolean derive, GError **ret_error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(audit_tables); i++) {
        const struct audit_table *table = &audit_tables[i];
        g_autofree char *create =
            g_strdup_printf("CREATE TEMP TABLE %s (%s)", table->name, table->columns);
        g_autofree char *fill =
            g_strdup_printf("INSERT INTO temp.%s %s", table->name, table->select);
        gboolean has;
        if (!has_table(database, table->name, &has, ret_error))
            return FALSE;
        if (has)
            continue;
        if (!database_run(database, create, ret_error) ||
            (derive && table->select != NULL && !database_run(database, fill, ret_error)))
            return FALSE;
    }
    return TRUE;
}

gboolean audit_results_stand_in(struct database *database, GError **ret_error)
{
    return stand_in(database, FALSE, ret_error);
}

Results *audit_results_open(const char *record, GError **ret_error)
{
    g_autoptr(Results) results = g_new0(Results, 1);

    return open_audited(&results->database, record, ret_error) &&
                   stand_in(&results->database, TRUE, ret_error)
               ? g_steal_pointer(&results)
               : NULL;
}
