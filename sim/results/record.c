/* The recorder: one ring of rows for each worker, one thread that empties them (record_write.c).
 *
 * A worker's side is a copy of 96 bytes and one release store; it wakes nobody, because a futex
 * call costs a microsecond and the run's pacing is measured in those. The writer looks by itself. A
 * ring has one producer and one consumer, so two counters that only grow are enough (Lamport 1983,
 * "Specifying concurrent program modules"); each stands in a cache line of its own, and the worker
 * keeps a copy of the writer's, which it renews only when the ring looks full.
 *
 * A ring that is full means that the disk can't follow. Dropping rows in silence would turn every
 * lost row into an "order that the client never made"; so the first loss ends the record.
 */
#include "results/record.h"

#include <inttypes.h>

#include "results/fresh.h"
#include "results/record_private.h"
#include "results/results.h"
#include "shell/diagnostic.h"

#define LOG_PAGES "8192" /* 32 MiB of log between two checkpoints */

static const char schema[] =
    "CREATE TABLE request (number INTEGER PRIMARY KEY, journey INTEGER NOT NULL,"
    " pass INTEGER NOT NULL, step INTEGER NOT NULL, request INTEGER NOT NULL,"
    " member INTEGER NOT NULL, order_id INTEGER NOT NULL, place INTEGER, sku INTEGER,"
    " quantity INTEGER NOT NULL, amount INTEGER NOT NULL, coupon INTEGER, outcome INTEGER NOT "
    "NULL, status INTEGER NOT NULL,"
    " intended_us INTEGER NOT NULL, sent_us INTEGER, done_us INTEGER, tries INTEGER NOT NULL,"
    " resent INTEGER NOT NULL);"
    "CREATE TABLE telling (number INTEGER NOT NULL, what INTEGER NOT NULL, value INTEGER,"
    " text TEXT);"
    "CREATE TABLE hook (at_us INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);"
    "CREATE TABLE record_run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO record_run VALUES ('complete', '0');";

/* Tables that say what the numbers of a column mean: NAME_name. */
static const char *const named[] = {"step",  "outcome", "request", "telling",
                                    "place", "sku",     "coupon"};

/* ---- the worker's side ----------------------------------------------------------------------- */

/* The next slot of a worker's ring, NULL when all is lost. */
static union slot *begin_slot(Recorder *recorder, struct ring *ring, uint64_t put)
{
    if (put - ring->taken_seen == RECORD_RING_ROWS) {
        ring->taken_seen = atomic_load_explicit(&ring->taken, memory_order_acquire);
        if (put - ring->taken_seen == RECORD_RING_ROWS) {
            atomic_store_explicit(&recorder->overrun, true, memory_order_relaxed);
            return NULL;
        }
    }
    if (atomic_load_explicit(&recorder->failed, memory_order_relaxed) ||
        atomic_load_explicit(&recorder->overrun, memory_order_relaxed))
        return NULL;
    return &ring->slots[put & (RECORD_RING_ROWS - 1)];
}

bool recorder_add(Recorder *recorder, uint32_t worker, const struct record_row *row)
{
    struct ring *ring = &recorder->rings[worker];
    uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
    union slot *slot = begin_slot(recorder, ring, put);

    if (slot == NULL)
        return false;
    slot->row = *row;
    slot->mark.is_telling = false;
    atomic_store_explicit(&ring->put, put + 1, memory_order_release);
    return true;
}

bool recorder_tell(Recorder *recorder, uint32_t worker, const struct record_telling *telling)
{
    struct ring *ring = &recorder->rings[worker];
    uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
    union slot *slot = begin_slot(recorder, ring, put);

    if (slot == NULL)
        return false;
    slot->telling = *telling;
    slot->mark.is_telling = true;
    atomic_store_explicit(&ring->put, put + 1, memory_order_release);
    return true;
}

uint64_t recorder_saved(const Recorder *recorder)
{
    return atomic_load_explicit(&recorder->saved, memory_order_relaxed);
}

/* ---- opening and closing --------------------------------------------------------------------- */

static gboolean open_make_names(struct database *database, GError **ret_error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
        g_autofree char *sql =
            g_strdup_printf("CREATE TABLE %s_name (number INTEGER PRIMARY KEY, name TEXT NOT NULL)",
                            named[i]);
        if (!database_run(database, sql, ret_error))
            return FALSE;
    }
    return TRUE;
}

/* The file with its tables, under its own name only when it can be read. */
static gboolean open_make(const char *path, GError **ret_error)
{
    g_autofree char *made = fresh_name(path);
    g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                            RESULTS_APPLICATION_ID, RECORD_FORMAT);
    g_autoptr(GError) error = NULL;
    struct database database = {.sqlite = NULL};
    gboolean done;

    if (!fresh_check(path, ret_error))
        return FALSE;
    done = fresh_remove(made, &error) &&
           database_open(&database, made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &error) &&
           database_run(&database, "BEGIN IMMEDIATE", &error) &&
           database_run(&database, mark, &error) && database_run(&database, schema, &error) &&
           open_make_names(&database, &error) && database_run(&database, "COMMIT", &error) &&
           database_run(&database, "PRAGMA journal_mode = WAL", &error);
    database_close(&database);
    if (!done) {
        fresh_remove(made, NULL);
        fresh_blame(error, made, path);
        g_propagate_error(ret_error, g_steal_pointer(&error));
        return FALSE;
    }
    return fresh_place(made, path, ret_error);
}

static gboolean open_database(Recorder *recorder, const char *path, GError **ret_error)
{
    struct database *database = &recorder->database;

    return open_make(path, ret_error) &&
           database_open(database, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, ret_error) &&
           database_run(database,
                        "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = " LOG_PAGES,
                        ret_error) &&
           record_write_prepare(recorder, ret_error);
}

static gboolean open_rings(Recorder *recorder, uint32_t worker_count, GError **ret_error)
{
    recorder->rings = g_aligned_alloc0(worker_count, sizeof(struct ring), RING_LINE);
    recorder->ring_count = worker_count;
    for (uint32_t w = 0; w < worker_count; w++) {
        recorder->rings[w].slots = g_try_new0(union slot, RECORD_RING_ROWS);
        if (recorder->rings[w].slots == NULL) {
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                        "no memory to record %u workers", worker_count);
            return FALSE;
        }
    }
    return TRUE;
}

Recorder *recorder_open(const char *path, uint32_t worker_count, const char *const *request_names,
                        GError **ret_error)
{
    static const char *const none[] = {NULL};
    g_autoptr(Recorder) recorder = g_new0(Recorder, 1);

    g_mutex_init(&recorder->lock);
    g_cond_init(&recorder->wake);
    recorder->notes = g_array_new(FALSE, FALSE, sizeof(struct record_note));
    g_array_set_clear_func(recorder->notes, record_note_clear);
    if (!open_rings(recorder, worker_count, ret_error) ||
        !open_database(recorder, path, ret_error) ||
        !recorder_name(recorder, "request", request_names != NULL ? request_names : none,
                       ret_error))
        return NULL;
    recorder->writer = g_thread_try_new("record", record_write, recorder, ret_error);
    if (recorder->writer == NULL)
        return NULL;
    return g_steal_pointer(&recorder);
}

/* Names go in by a connection of their own: the recorder's belongs to the writer. */
gboolean recorder_name(Recorder *recorder, const char *what, const char *const *names,
                       GError **ret_error)
{
    struct database database = {.sqlite = NULL};
    g_autofree char *sql = g_strdup_printf("INSERT OR REPLACE INTO %s_name VALUES (?, ?)", what);
    gboolean done =
        database_open(&database, recorder->database.path, SQLITE_OPEN_READWRITE, ret_error) &&
        database_run(&database, "BEGIN IMMEDIATE", ret_error);
    sqlite3_stmt *insert = done ? database_prepare(&database, sql, ret_error) : NULL;

    done = insert != NULL;
    for (int64_t i = 0; done && names[i] != NULL; i++) {
        sqlite3_bind_int64(insert, 1, i);
        database_bind_text(insert, 2, names[i]);
        done = database_insert(&database, insert, ret_error);
    }
    sqlite3_finalize(insert);
    done = done && database_run(&database, "COMMIT", ret_error);
    database_close(&database);
    return done;
}

static void add_note(Recorder *recorder, struct record_note note)
{
    g_mutex_lock(&recorder->lock);
    g_array_append_val(recorder->notes, note);
    g_mutex_unlock(&recorder->lock);
}

void recorder_note(Recorder *recorder, const char *key, const char *value)
{
    add_note(recorder, (struct record_note){.key = g_strdup(key), .text = g_strdup(value)});
}

void recorder_hook(Recorder *recorder, int64_t at_us, const char *what, const char *detail)
{
    add_note(recorder, (struct record_note){.is_hook = true,
                                            .at_us = at_us,
                                            .key = g_strdup(what),
                                            .text = g_strdup(detail)});
}

/* Lets the writer empty the rings and end. */
static void close_writer(Recorder *recorder)
{
    if (recorder->writer == NULL)
        return;
    g_mutex_lock(&recorder->lock);
    atomic_store(&recorder->stopping, true);
    g_cond_signal(&recorder->wake);
    g_mutex_unlock(&recorder->lock);
    g_thread_join(g_steal_pointer(&recorder->writer));
}

/* Says that the run is complete, and how many rows it has. */
static void close_mark(Recorder *recorder)
{
    g_autofree char *sql =
        g_strdup_printf("INSERT OR REPLACE INTO record_run VALUES ('requests', '%" PRIu64
                        "'), ('tellings', '%" PRIu64 "'), ('complete', '1')",
                        recorder_saved(recorder), recorder->tellings);

    database_run(&recorder->database, sql, &recorder->error);
}

gboolean recorder_close(Recorder *recorder, uint64_t *ret_count, GError **ret_error)
{
    g_autoptr(Recorder) owned = recorder;
    struct database *database = &owned->database;

    close_writer(owned);
    *ret_count = recorder_saved(owned);
    if (owned->error == NULL && atomic_load(&owned->overrun))
        g_set_error(&owned->error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "%s: the disk can't keep up with the requests", database->path);
    if (owned->error == NULL)
        close_mark(owned);
    if (owned->error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&owned->error));
        g_prefix_error(ret_error,
                       "the record is not complete, it ends after %" PRIu64 " requests: ",
                       *ret_count);
        return FALSE;
    }
    /* Folding the log in is refused while somebody reads along or when the disk has no room for
     * both: then the file stays in WAL mode, whole all the same. */
    database_run(database, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
    database_run(database, "PRAGMA journal_mode = DELETE", NULL);
    return TRUE;
}

void recorder_free(Recorder *recorder)
{
    if (recorder == NULL)
        return;
    close_writer(recorder);
    g_clear_pointer(&recorder->insert, sqlite3_finalize);
    g_clear_pointer(&recorder->tell, sqlite3_finalize);
    g_clear_pointer(&recorder->note, sqlite3_finalize);
    g_clear_pointer(&recorder->hook, sqlite3_finalize);
    database_close(&recorder->database);
    for (uint32_t w = 0; recorder->rings != NULL && w < recorder->ring_count; w++)
        g_free(recorder->rings[w].slots);
    g_aligned_free(recorder->rings);
    g_clear_pointer(&recorder->notes, g_array_unref);
    g_clear_error(&recorder->error);
    g_mutex_clear(&recorder->lock);
    g_cond_clear(&recorder->wake);
    g_free(recorder);
}
