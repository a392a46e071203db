/* Statements are prepared when a connection is opened, so that an error in the SQL is found at the
 * start and not by the first customer who needs it.
 *
 * A statement that has given a row and was not read to its end holds a snapshot; store_settle()
 * resets those after each call. Errors are kept, the first one counts: handlers go on with zeros,
 * and the caller of the handler throws all of it away.
 */
#include "backend/store_private.h"

#include <stdarg.h>
#include <string.h>

#include "backend/schema.h"
#include "shell/diagnostic.h"

#define STORE_BUSY_MS 10000
#define STORE_OPEN_MAX 32 /* statements that one call has under way at once */

struct store {
    sqlite3 *sqlite;
    sqlite3_stmt *statement[STATEMENT_COUNT];
    enum statement open[STORE_OPEN_MAX];
    uint32_t open_count;
    char *problem; /* NULL = none */
    int code;
    uint32_t log_pages; /* as of the last commit */
};

static const char *const statement_sql[] = {
#define STATEMENT(name, sql) sql,
#include "backend/statements.def"
#undef STATEMENT
};

gboolean store_set_error(struct sqlite3 *sqlite, const char *path, GError **ret_error)
{
    const int code = sqlite != NULL ? sqlite3_errcode(sqlite) & 0xff : SQLITE_NOMEM;
    const bool foreign = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;

    g_set_error(ret_error, OMO_SHELL_ERROR,
                foreign ? OMO_SHELL_ERROR_BAD_INPUT : OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", path,
                foreign               ? "not a database of omosim backend, or a damaged one"
                : code == SQLITE_FULL ? "no space left on device"
                : sqlite != NULL      ? sqlite3_errmsg(sqlite)
                                      : "out of memory");
    return FALSE;
}

/* The writer's log is folded into the database by the writer (store_fold()), never within a commit
 * that somebody waits for. Readers map the file: their own cache is worth nothing after a commit. */
static const char writer_sql[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;";
static const char reader_sql[] = "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;"
                                 "PRAGMA mmap_size = 1073741824; PRAGMA query_only = ON;";

static int store_logged(void *user, sqlite3 *sqlite, const char *name, int pages)
{
    struct store *store = user;

    (void)sqlite;
    (void)name;
    store->log_pages = (uint32_t)pages;
    return SQLITE_OK;
}

struct store *store_open(const char *path, bool writes, GError **ret_error)
{
    struct store *store = g_new0(struct store, 1);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

    if (sqlite3_open_v2(path, &store->sqlite, flags, NULL) != SQLITE_OK)
        goto fail;
    sqlite3_extended_result_codes(store->sqlite, 1);
    sqlite3_busy_timeout(store->sqlite, STORE_BUSY_MS);
    if (sqlite3_exec(store->sqlite, writes ? writer_sql : reader_sql, NULL, NULL, NULL) !=
        SQLITE_OK)
        goto fail;
    sqlite3_wal_hook(store->sqlite, store_logged, store);
    for (uint32_t i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(store->sqlite, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statement[i], NULL) != SQLITE_OK)
            goto fail;
    return store;
fail:
    store_set_error(store->sqlite, path, ret_error);
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    for (uint32_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statement[i]);
    sqlite3_close_v2(store->sqlite);
    g_free(store->problem);
    g_free(store);
}

/* ---- statements ------------------------------------------------------------------------------ */

static void store_fail(struct store *store, int code)
{
    if (store->problem != NULL)
        return;
    store->code = code & 0xff;
    store->problem = g_strdup(store->code == SQLITE_FULL ? "no space left on device"
                                                         : sqlite3_errmsg(store->sqlite));
}

static void store_bind_list(struct store *store, enum statement statement, const char *types,
                            va_list list)
{
    sqlite3_stmt *s = store->statement[statement];
    int code = SQLITE_OK;

    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    for (int i = 0; types[i] != '\0' && code == SQLITE_OK; i++) {
        g_assert(types[i] == 'i' || types[i] == 't');
        code = types[i] == 'i'
                   ? sqlite3_bind_int64(s, i + 1, va_arg(list, int64_t))
                   : sqlite3_bind_text(s, i + 1, va_arg(list, const char *), -1, SQLITE_STATIC);
    }
    if (code != SQLITE_OK)
        store_fail(store, code);
}

void store_bind(struct store *store, enum statement statement, const char *types, ...)
{
    va_list list;

    va_start(list, types);
    store_bind_list(store, statement, types, list);
    va_end(list);
}

static bool open_has(const struct store *store, enum statement statement)
{
    for (uint32_t i = 0; i < store->open_count; i++)
        if (store->open[i] == statement)
            return true;
    return false;
}

bool store_row(struct store *store, enum statement statement)
{
    sqlite3_stmt *s = store->statement[statement];
    const int code = sqlite3_step(s);

    if (code == SQLITE_ROW) {
        if (!open_has(store, statement)) {
            g_assert(store->open_count < STORE_OPEN_MAX);
            store->open[store->open_count++] = statement;
        }
        return true;
    }
    if (code != SQLITE_DONE)
        store_fail(store, code);
    sqlite3_reset(s);
    return false;
}

int64_t store_int(struct store *store, enum statement statement, int column)
{
    return sqlite3_column_int64(store->statement[statement], column);
}

const char *store_text(struct store *store, enum statement statement, int column)
{
    return (const char *)sqlite3_column_text(store->statement[statement], column);
}

int64_t store_run(struct store *store, enum statement statement, const char *types, ...)
{
    va_list list;

    va_start(list, types);
    store_bind_list(store, statement, types, list);
    va_end(list);
    while (store_row(store, statement)) {
    }
    return sqlite3_changes64(store->sqlite);
}

int64_t store_last_id(const struct store *store)
{
    return sqlite3_last_insert_rowid(store->sqlite);
}

bool store_failed(const struct store *store) { return store->problem != NULL; }

const char *store_problem(const struct store *store)
{
    return store->problem != NULL ? store->problem : "";
}

void store_clear(struct store *store)
{
    g_clear_pointer(&store->problem, g_free);
    store->code = SQLITE_OK;
}

/* ---- for the platform ------------------------------------------------------------------------ */

void store_settle(struct store *store)
{
    while (store->open_count > 0)
        sqlite3_reset(store->statement[store->open[--store->open_count]]);
}

bool store_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(store->sqlite) == 0;
}

bool store_is_full(const struct store *store)
{
    return store->code == SQLITE_FULL || store->code == SQLITE_IOERR;
}

uint32_t store_log_pages(const struct store *store) { return store->log_pages; }

void store_fold(struct store *store, bool whole)
{
    sqlite3_wal_checkpoint_v2(store->sqlite, NULL,
                              whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, NULL,
                              NULL);
}
