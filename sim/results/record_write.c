/* The recorder's thread: empties the rings of the workers into SQLite.
 *
 * It looks by itself, every WRITE_PAUSE_US, and goes on at once while rings are filling. Rows are
 * collected into transactions of WRITE_ROWS_MAX rows or RECORD_DELAY_MS. In WAL mode a commit is a
 * write, not a sync (synchronous = NORMAL): it survives the process, not the machine's power, and a
 * record is of use only while the service that it checks has survived, too. Checkpoints are rare
 * since each syncs the disk twice.
 *
 * What a request told and its row are two rows of two tables without a foreign key: either may come
 * first, and a record that was cut between them is read all the same. Tellings have no index, which
 * would cost as much again as they do: who reads a record sorts once (history.c).
 */
#include "results/record_private.h"

#include <omosim/plan.h>

#define WRITE_PAUSE_US 10000
#define WRITE_ROWS_MAX 50000
#define ROW_COLUMNS 19

void record_note_clear(gpointer note)
{
    struct record_note *n = note;

    g_free(n->key);
    g_free(n->text);
}

gboolean record_write_prepare(Recorder *recorder, GError **ret_error)
{
    struct database *database = &recorder->database;
    g_autoptr(GString) sql = g_string_new("INSERT INTO request VALUES (?");

    for (int i = 1; i < ROW_COLUMNS; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    recorder->insert = database_prepare(database, sql->str, ret_error);
    if (recorder->insert == NULL)
        return FALSE;
    recorder->tell =
        database_prepare(database, "INSERT INTO telling VALUES (?, ?, ?, ?)", ret_error);
    if (recorder->tell == NULL)
        return FALSE;
    recorder->note =
        database_prepare(database, "INSERT OR REPLACE INTO record_run VALUES (?, ?)", ret_error);
    if (recorder->note == NULL)
        return FALSE;
    recorder->hook = database_prepare(database, "INSERT INTO hook VALUES (?, ?, ?)", ret_error);
    return recorder->hook != NULL;
}

static gboolean write_row(Recorder *recorder, const struct record_row *row)
{
    sqlite3_stmt *insert = recorder->insert;
    const int64_t values[ROW_COLUMNS] = {
        (int64_t)row->number, (int64_t)row->journey, row->pass,    row->step,   row->request,
        (int64_t)row->member, (int64_t)row->order,   row->place,   row->sku,    row->quantity,
        row->amount,          row->coupon,           row->outcome, row->status, row->intended_us,
        row->sent_us,         row->done_us,          row->tries,   row->resent,
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
    recorder->rows++;
    return database_insert(&recorder->database, insert, &recorder->error);
}

static gboolean write_telling(Recorder *recorder, const struct record_telling *telling)
{
    sqlite3_stmt *tell = recorder->tell;

    sqlite3_bind_int64(tell, 1, (int64_t)telling->number);
    sqlite3_bind_int64(tell, 2, telling->what);
    if (telling->text_size > 0) {
        sqlite3_bind_null(tell, 3);
        sqlite3_bind_text(tell, 4, telling->text, telling->text_size, SQLITE_STATIC);
    } else {
        sqlite3_bind_int64(tell, 3, telling->value);
        sqlite3_bind_null(tell, 4);
    }
    return database_insert(&recorder->database, tell, &recorder->error);
}

static gboolean write_commit(Recorder *recorder)
{
    if (recorder->written == 0)
        return TRUE;
    if (!database_run(&recorder->database, "COMMIT", &recorder->error))
        return FALSE;
    atomic_fetch_add_explicit(&recorder->saved, recorder->rows, memory_order_relaxed);
    recorder->tellings += recorder->written - recorder->rows;
    recorder->written = recorder->rows = 0;
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
        const union slot *slot = &ring->slots[taken & (RECORD_RING_ROWS - 1)];
        if (!write_begin(recorder))
            return FALSE;
        if (!(slot->mark.is_telling ? write_telling(recorder, &slot->telling)
                                    : write_row(recorder, &slot->row)))
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

static gboolean write_note(Recorder *recorder, const struct record_note *note)
{
    sqlite3_stmt *insert = note->is_hook ? recorder->hook : recorder->note;
    int column = 1;

    if (note->is_hook)
        sqlite3_bind_int64(insert, column++, note->at_us);
    database_bind_text(insert, column++, note->key);
    database_bind_text(insert, column, note->text);
    return database_insert(&recorder->database, insert, &recorder->error);
}

/* Writes the notes that wait. */
static gboolean write_notes(Recorder *recorder)
{
    g_autoptr(GArray) notes = NULL;

    g_mutex_lock(&recorder->lock);
    if (recorder->notes->len > 0) {
        notes = g_steal_pointer(&recorder->notes);
        recorder->notes = g_array_new(FALSE, FALSE, sizeof(struct record_note));
        g_array_set_clear_func(recorder->notes, record_note_clear);
    }
    g_mutex_unlock(&recorder->lock);
    for (uint32_t i = 0; notes != NULL && i < notes->len; i++)
        if (!write_note(recorder, &g_array_index(notes, struct record_note, i)))
            return FALSE;
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

gpointer record_write(gpointer user)
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
