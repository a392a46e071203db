/* The recorder: one ring of rows for each worker, one thread that empties them into SQLite.
 *
 * A worker's side is a copy of 96 bytes and one release store; it wakes nobody, because a futex
 * call costs a microsecond and the run's pacing is measured in those. The writer looks by itself,
 * every WRITE_PAUSE_US, and goes on at once while rings are filling. A ring has one producer and
 * one consumer, so two counters that only grow are enough (Lamport 1983, "Specifying concurrent
 * program modules"); each stands in a cache line of its own, and the worker keeps a copy of the
 * writer's, which it renews only when the ring looks full.
 *
 * The writer collects rows into transactions of WRITE_ROWS_MAX rows or RECORD_DELAY_MS. In WAL mode
 * a commit is a write, not a sync (synchronous = NORMAL): it survives the process, not the
 * machine's power, and a record is of use only while the service that it checks has survived, too.
 * Checkpoints are rare (every WRITE_LOG_PAGES pages) since each syncs the disk twice.
 *
 * A ring that is full means that the disk can't follow. Dropping rows in silence would turn every
 * lost row into an "order that the client never made"; so the first loss ends the record.
 */
#include "results/record.h"

#include <inttypes.h>
#include <omosim/plan.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

#include "results/database.h"
#include "results/fresh.h"
#include "results/results.h"
#include "shell/diagnostic.h"

#define WRITE_PAUSE_US 10000
#define WRITE_ROWS_MAX 50000
#define WRITE_LOG_PAGES "8192" /* 32 MiB */
#define RING_LINE 64

G_STATIC_ASSERT(sizeof(struct record_row) == 96);
G_STATIC_ASSERT((RECORD_RING_ROWS & (RECORD_RING_ROWS - 1)) == 0);

struct ring {
    alignas(RING_LINE) _Atomic uint64_t put; /* written by the worker */
    uint64_t taken_seen;                     /* the worker's copy of `taken` */
    struct record_row *rows;
    alignas(RING_LINE) _Atomic uint64_t taken; /* written by the writer */
};

struct recorder {
    struct database database; /* the writer's while it runs */
    sqlite3_stmt *insert;
    sqlite3_stmt *note;
    struct ring *rings;
    uint32_t ring_count;
    GThread *writer;
    _Atomic bool stopping; /* rings get no more rows */
    _Atomic bool overrun;  /* a ring was full */
    _Atomic bool failed;   /* the disk failed: `error` is set */
    _Atomic uint64_t saved;
    uint64_t written; /* in the open transaction */
    int64_t begun_us; /* when it was opened */
    GError *error;
    GMutex lock;      /* of notes and the writer's sleep */
    GCond wake;       /* told when stopping */
    GPtrArray *notes; /* key, value, key, value ... */
};

static const char schema[] =
    "CREATE TABLE request (number INTEGER PRIMARY KEY, journey INTEGER NOT NULL,"
    " pass INTEGER NOT NULL, step INTEGER NOT NULL, request INTEGER NOT NULL,"
    " member INTEGER NOT NULL, order_id INTEGER NOT NULL, place INTEGER, sku INTEGER,"
    " quantity INTEGER NOT NULL, amount INTEGER NOT NULL, coupon INTEGER, outcome INTEGER NOT "
    "NULL, status INTEGER NOT NULL,"
    " intended_us INTEGER NOT NULL, sent_us INTEGER, done_us INTEGER, tries INTEGER NOT NULL);"
    "CREATE TABLE step_name (number INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE outcome_name (number INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE request_name (number INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE record_run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO record_run VALUES ('complete', '0')";

#define ROW_COLUMNS 18

/* ---- the worker's side ----------------------------------------------------------------------- */

bool recorder_add(Recorder *recorder, uint32_t worker, const struct record_row *row)
{
    struct ring *ring = &recorder->rings[worker];
    uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);

    if (put - ring->taken_seen == RECORD_RING_ROWS) {
        ring->taken_seen = atomic_load_explicit(&ring->taken, memory_order_acquire);
        if (put - ring->taken_seen == RECORD_RING_ROWS) {
            atomic_store_explicit(&recorder->overrun, true, memory_order_relaxed);
            return false;
        }
    }
    if (atomic_load_explicit(&recorder->failed, memory_order_relaxed) ||
        atomic_load_explicit(&recorder->overrun, memory_order_relaxed))
        return false;
    ring->rows[put & (RECORD_RING_ROWS - 1)] = *row;
    atomic_store_explicit(&ring->put, put + 1, memory_order_release);
    return true;
}

uint64_t recorder_saved(const Recorder *recorder)
{
    return atomic_load_explicit(&recorder->saved, memory_order_relaxed);
}

/* ---- the writer ------------------------------------------------------------------------------ */

static gboolean write_row(Recorder *recorder, const struct record_row *row)
{
    sqlite3_stmt *insert = recorder->insert;
    const int64_t values[ROW_COLUMNS] = {
        (int64_t)row->number, (int64_t)row->journey, row->pass,    row->step,   row->request,
        (int64_t)row->member, (int64_t)row->order,   row->place,   row->sku,    row->quantity,
        row->amount,          row->coupon,           row->outcome, row->status, row->intended_us,
        row->sent_us,         row->done_us,          row->tries,
    };

    for (int i = 0; i < ROW_COLUMNS; i++)
        sqlite3_bind_int64(insert, i + 1, values[i]);
    if (row->place == OMO_PLAN_NONE)
        sqlite3_bind_null(insert, 8);
    if (row->sku == OMO_PLAN_NONE)
        sqlite3_bind_null(insert, 9);
    if (row->coupon == OMO_PLAN_NO_COUPON)
        sqlite3_bind_null(insert, 12);
    if (row->sent_us < 0)
        sqlite3_bind_null(insert, 16);
    if (row->done_us < 0)
        sqlite3_bind_null(insert, 17);
    return database_insert(&recorder->database, insert, &recorder->error);
}

static gboolean write_commit(Recorder *recorder)
{
    if (recorder->written == 0)
        return TRUE;
    if (!database_run(&recorder->database, "COMMIT", &recorder->error))
        return FALSE;
    atomic_fetch_add_explicit(&recorder->saved, recorder->written, memory_order_relaxed);
    recorder->written = 0;
    return TRUE;
}

/* Opens a transaction when there is none. */
static gboolean write_begin(Recorder *recorder)
{
    if (recorder->written > 0)
        return TRUE;
    recorder->begun_us = g_get_monotonic_time();
    return database_run(&recorder->database, "BEGIN IMMEDIATE", &recorder->error);
}

/* Empties a ring as far as it was filled when this began. */
static gboolean write_ring(Recorder *recorder, struct ring *ring, gboolean *ret_found)
{
    uint64_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    uint64_t put = atomic_load_explicit(&ring->put, memory_order_acquire);

    while (taken < put) {
        if (!write_begin(recorder))
            return FALSE;
        if (!write_row(recorder, &ring->rows[taken & (RECORD_RING_ROWS - 1)]))
            return FALSE;
        recorder->written++;
        taken++;
        atomic_store_explicit(&ring->taken, taken, memory_order_release);
        if (recorder->written >= WRITE_ROWS_MAX && !write_commit(recorder))
            return FALSE;
        *ret_found = TRUE;
    }
    return TRUE;
}

/* Writes the notes that wait. */
static gboolean write_notes(Recorder *recorder)
{
    g_autoptr(GPtrArray) notes = NULL;

    g_mutex_lock(&recorder->lock);
    if (recorder->notes->len > 0) {
        notes = g_steal_pointer(&recorder->notes);
        recorder->notes = g_ptr_array_new_with_free_func(g_free);
    }
    g_mutex_unlock(&recorder->lock);
    for (uint32_t i = 0; notes != NULL && i < notes->len; i += 2) {
        database_bind_text(recorder->note, 1, g_ptr_array_index(notes, i));
        database_bind_text(recorder->note, 2, g_ptr_array_index(notes, i + 1));
        if (!database_insert(&recorder->database, recorder->note, &recorder->error))
            return FALSE;
    }
    return TRUE;
}

/* One round over all rings; *ret_found says whether there was a row. */
static gboolean write_round(Recorder *recorder, gboolean *ret_found)
{
    *ret_found = FALSE;
    for (uint32_t r = 0; r < recorder->ring_count; r++)
        if (!write_ring(recorder, &recorder->rings[r], ret_found))
            return FALSE;
    if (!write_notes(recorder))
        return FALSE;
    if (recorder->written > 0 &&
        g_get_monotonic_time() - recorder->begun_us >= RECORD_DELAY_MS * 1000)
        return write_commit(recorder);
    return TRUE;
}

/* Sleeps until there may be work, or until told to stop. */
static void write_pause(Recorder *recorder)
{
    int64_t until = g_get_monotonic_time() + WRITE_PAUSE_US;

    g_mutex_lock(&recorder->lock);
    while (!atomic_load(&recorder->stopping) &&
           g_cond_wait_until(&recorder->wake, &recorder->lock, until)) {
    }
    g_mutex_unlock(&recorder->lock);
}

static gpointer write_all(gpointer user)
{
    Recorder *recorder = user;
    gboolean good = TRUE, found = TRUE;

    while (good) {
        /* Read before the round: rows that were put before stopping are seen by it. */
        bool stopping = atomic_load(&recorder->stopping);
        good = write_round(recorder, &found);
        if (good && !found && stopping)
            break;
        if (good && !found)
            write_pause(recorder);
    }
    if (!good || !write_commit(recorder)) {
        database_roll_back(&recorder->database);
        atomic_store(&recorder->failed, true);
    }
    return NULL;
}

/* ---- opening and closing --------------------------------------------------------------------- */

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
           database_run(&database, "COMMIT", &error) &&
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
    g_autoptr(GString) sql = g_string_new("INSERT INTO request VALUES (?");

    for (int i = 1; i < ROW_COLUMNS; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    if (!open_make(path, ret_error) ||
        !database_open(database, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, ret_error) ||
        !database_run(database,
                      "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = " WRITE_LOG_PAGES,
                      ret_error))
        return FALSE;
    recorder->insert = database_prepare(database, sql->str, ret_error);
    if (recorder->insert == NULL)
        return FALSE;
    recorder->note =
        database_prepare(database, "INSERT OR REPLACE INTO record_run VALUES (?, ?)", ret_error);
    return recorder->note != NULL;
}

static gboolean open_rings(Recorder *recorder, uint32_t worker_count, GError **ret_error)
{
    recorder->rings = g_aligned_alloc0(worker_count, sizeof(struct ring), RING_LINE);
    recorder->ring_count = worker_count;
    for (uint32_t w = 0; w < worker_count; w++) {
        recorder->rings[w].rows = g_try_new0(struct record_row, RECORD_RING_ROWS);
        if (recorder->rings[w].rows == NULL) {
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
    recorder->notes = g_ptr_array_new_with_free_func(g_free);
    if (!open_rings(recorder, worker_count, ret_error) ||
        !open_database(recorder, path, ret_error) ||
        !recorder_name(recorder, "request", request_names != NULL ? request_names : none,
                       ret_error))
        return NULL;
    recorder->writer = g_thread_try_new("record", write_all, recorder, ret_error);
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

void recorder_note(Recorder *recorder, const char *key, const char *value)
{
    g_mutex_lock(&recorder->lock);
    g_ptr_array_add(recorder->notes, g_strdup(key));
    g_ptr_array_add(recorder->notes, g_strdup(value));
    g_mutex_unlock(&recorder->lock);
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
        database_run(database, "UPDATE record_run SET value = '1' WHERE key = 'complete'",
                     &owned->error);
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
    g_clear_pointer(&recorder->note, sqlite3_finalize);
    database_close(&recorder->database);
    for (uint32_t w = 0; recorder->rings != NULL && w < recorder->ring_count; w++)
        g_free(recorder->rings[w].rows);
    g_aligned_free(recorder->rings);
    g_clear_pointer(&recorder->notes, g_ptr_array_unref);
    g_clear_error(&recorder->error);
    g_mutex_clear(&recorder->lock);
    g_cond_clear(&recorder->wake);
    g_free(recorder);
}
