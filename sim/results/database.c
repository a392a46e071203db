/* Errors are the reason for this layer. SQLite says "database or disk is full" for a full disk,
 * "disk I/O error" for a file size limit or a quota (only ENOSPC becomes SQLITE_FULL), and names
 * no file; a user needs the file and the cause. sqlite3_system_errno() keeps the cause, unless
 * cleaning up has overwritten it; so a failed write also looks whether a file stands at its limit.
 *
 * Extended codes tell a damaged file from one that was never a database: both are bad input, the
 * rest is the machine's refusal.
 */
#include "results/database.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include "results/fresh.h"
#include "shell/diagnostic.h"

/* A writer that was killed while it folded its log leaves a journal that only a writer may roll back.
 * Done for our own files alone: a foreign one is never written. A failure is told by the next read. */
static void roll_back(sqlite3 *reader, const char *path)
{
    static const char read[] = "SELECT count(*) FROM sqlite_schema";
    sqlite3 *writer = NULL;

    if (sqlite3_exec(reader, read, NULL, NULL, NULL) != SQLITE_READONLY_ROLLBACK ||
        fresh_format(path) < 0)
        return;
    if (sqlite3_open_v2(path, &writer, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
        sqlite3_exec(writer, read, NULL, NULL, NULL);
    sqlite3_close_v2(writer);
}

gboolean database_open(struct database *database, const char *path, int flags, GError **ret_error)
{
    database->path = g_strdup(path);
    if (sqlite3_open_v2(path, &database->sqlite, flags, NULL) != SQLITE_OK) {
        database_fail(database, ret_error);
        database_close(database);
        return FALSE;
    }
    sqlite3_extended_result_codes(database->sqlite, 1);
    sqlite3_busy_timeout(database->sqlite, 5000);
    if ((flags & SQLITE_OPEN_READONLY) != 0)
        roll_back(database->sqlite, path);
    return TRUE;
}

void database_close(struct database *database)
{
    sqlite3_close_v2(database->sqlite);
    database->sqlite = NULL;
    g_clear_pointer(&database->path, g_free);
}

/* Whether the database or its log has grown to the process's file size limit. */
static gboolean fail_at_limit(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-journal"};
    struct rlimit limit;

    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);
        GStatBuf info;
        if (g_stat(name, &info) == 0 && (rlim_t)info.st_size >= limit.rlim_cur)
            return TRUE;
    }
    return FALSE;
}

gboolean database_fail(struct database *database, GError **ret_error)
{
    int code = sqlite3_errcode(database->sqlite) & 0xff;
    gboolean has_cause = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
    int cause = has_cause ? sqlite3_system_errno(database->sqlite) : 0;
    OmoShellError kind = OMO_SHELL_ERROR_CANNOT_RUN;
    const char *text = sqlite3_errmsg(database->sqlite);

    if (code == SQLITE_FULL || cause == ENOSPC || cause == EDQUOT) {
        text = "no space left on device";
    } else if (cause == EFBIG || (code == SQLITE_IOERR && fail_at_limit(database->path))) {
        text = "no space left: the file size limit is reached";
    } else if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
        kind = OMO_SHELL_ERROR_BAD_INPUT;
        text = "not a result file, or a damaged one";
    } else if (code == SQLITE_ERROR) {
        kind = OMO_SHELL_ERROR_BAD_INPUT;
    } else if (cause != 0) {
        text = g_strerror(cause);
    }
    g_set_error(ret_error, OMO_SHELL_ERROR, (int)kind, "%s: %s", database->path, text);
    return FALSE;
}

void database_blame_table(const struct database *database, const char *table, GError *error)
{
    const size_t size = strlen(database->path);
    char *text;

    if (strncmp(error->message, database->path, size) != 0 || error->message[size] != ':')
        return;
    text = g_strdup_printf("%s: %s%s", database->path, table, error->message + size);
    g_free(error->message);
    error->message = text;
}

gboolean database_run(struct database *database, const char *sql, GError **ret_error)
{
    if (sqlite3_exec(database->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
        return database_fail(database, ret_error);
    return TRUE;
}

sqlite3_stmt *database_prepare(struct database *database, const char *sql, GError **ret_error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(database->sqlite, sql, -1, &statement, NULL) != SQLITE_OK) {
        database_fail(database, ret_error);
        return NULL;
    }
    return statement;
}

gboolean database_insert(struct database *database, sqlite3_stmt *statement, GError **ret_error)
{
    int code = sqlite3_step(statement);

    g_assert(code != SQLITE_ROW);
    if (code != SQLITE_DONE) {
        database_fail(database, ret_error);
        sqlite3_reset(statement);
        return FALSE;
    }
    sqlite3_reset(statement);
    return TRUE;
}

gboolean database_next(struct database *database, sqlite3_stmt *statement, gboolean *ret_row,
                       GError **ret_error)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return database_fail(database, ret_error);
    *ret_row = code == SQLITE_ROW;
    return TRUE;
}

void database_roll_back(struct database *database)
{
    if (database->sqlite != NULL && !sqlite3_get_autocommit(database->sqlite))
        sqlite3_exec(database->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

void database_bind_text(sqlite3_stmt *statement, int i, const char *text)
{
    sqlite3_bind_text(statement, i, text != NULL ? text : "", -1, SQLITE_STATIC);
}

const char *database_text(sqlite3_stmt *statement, int i)
{
    const char *text = (const char *)sqlite3_column_text(statement, i);

    return text != NULL ? text : "";
}

double database_number(sqlite3_stmt *statement, int i)
{
    return sqlite3_column_type(statement, i) == SQLITE_NULL ? (double)NAN
                                                            : sqlite3_column_double(statement, i);
}
