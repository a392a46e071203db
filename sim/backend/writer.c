/* Group commit. Making a transaction durable takes as long for one call as for a thousand: the disk
 * has to say that it has it. So whatever has queued up while the last commit ran is the next
 * transaction. There is no waiting for more to come: with one client each call commits alone, at
 * once; with many the disk's time makes the batches.
 *
 * A call that is refused is rolled back to its savepoint. When the commit itself fails (a full disk)
 * the whole transaction is gone, and all that were about to be told "done" are told 503 instead. Some
 * errors make SQLite end the transaction in the middle of a call: the same for all before it, and
 * those after it get a new one.
 *
 * Calls that asked for call_later() wait in a list by time and come back in a later transaction.
 *
 * With the fault ack-before-commit the calls are answered as soon as they are executed, and the
 * transaction is held open for WRITER_HOLD_US. Reads go through this thread too then: they have to
 * see what was acknowledged, or everybody would notice.
 */
#include "backend/writer.h"

#include "backend/shop.h"
#include "backend/store_private.h"

#define WRITER_HOLD_US G_USEC_PER_SEC
#define WRITER_SWEEP_US (G_USEC_PER_SEC / 2)
#define WRITER_SWEEP_MAX 256   /* of a kind, at once */
#define WRITER_LOG_PAGES 16384 /* of the log, 64 MiB, before it is folded into the database */

struct writer {
    struct store *store;
    struct backend_shared *shared;
    void (*answer)(struct job *job);
    bool answers_early;
    GThread *thread;
    int64_t held_us;       /* since when the transaction is open; 0 = it is not */
    int64_t sweep_us;      /* when to look next for what has lapsed */
    uint32_t folded_pages; /* of the log, when it was folded last */

    GMutex lock; /* guards what follows */
    GCond wake;
    struct job *first, **last;
    struct job *waiting; /* by due time */
    bool stopping;
    struct writer_figures figures;
};

/* ---- one call -------------------------------------------------------------------------------- */

static bool writer_sql(struct writer *writer, enum statement statement)
{
    store_run(writer->store, statement, "");
    return !store_failed(writer->store);
}

static void writer_execute(struct writer *writer, struct job *job)
{
    struct store *store = writer->store;

    job->call.store = store;
    if (!job->route->writes) {
        job_run(job);
        return;
    }
    writer_sql(writer, STATEMENT_savepoint);
    job_run(job);
    if (!store_in_transaction(store))
        return;
    if (job->call.status >= 400)
        writer_sql(writer, STATEMENT_savepoint_undo);
    writer_sql(writer, STATEMENT_savepoint_end);
}

/* It was done, but is not on disk. */
static void writer_lose(struct writer *writer, struct job *job, const char *why)
{
    if (job->call.status >= 400)
        return;
    job_fail(job, 503, "not_saved", why);
    g_mutex_lock(&writer->lock);
    writer->figures.lost_count++;
    g_mutex_unlock(&writer->lock);
}

/* ---- the queue ------------------------------------------------------------------------------- */

/* Puts a call back until it is due. */
static void writer_wait(struct writer *writer, struct job *job)
{
    struct job **at = &writer->waiting;

    job->due_us = g_get_monotonic_time() + job->again_us;
    g_mutex_lock(&writer->lock);
    while (*at != NULL && (*at)->due_us <= job->due_us)
        at = &(*at)->next;
    job->next = *at;
    *at = job;
    g_mutex_unlock(&writer->lock);
}

/* Answers those of a list that have been answered, in order; the others wait. */
static void writer_answer(struct writer *writer, struct job *list)
{
    while (list != NULL) {
        struct job *job = list;
        list = job->next;
        job->next = NULL;
        if (job->again_us >= 0)
            writer_wait(writer, job);
        else
            writer->answer(job);
    }
}

/* Under the lock: calls whose time has come go to the end of the queue. When it ends, all have. */
static void take_waiting(struct writer *writer, int64_t now_us)
{
    while (writer->waiting != NULL && (writer->stopping || writer->waiting->due_us <= now_us)) {
        struct job *job = writer->waiting;
        writer->waiting = job->next;
        job->next = NULL;
        *writer->last = job;
        writer->last = &job->next;
    }
}

/* Under the lock: until when there is nothing to do. */
static int64_t take_until(const struct writer *writer)
{
    const int64_t held_us = writer->held_us > 0 ? writer->held_us + WRITER_HOLD_US : 0;
    const int64_t due_us = writer->waiting != NULL ? writer->waiting->due_us : INT64_MAX;

    return MIN(MIN(held_us > 0 ? held_us : INT64_MAX, due_us), writer->sweep_us);
}

/* The next calls, at most WRITER_BATCH_MAX. NULL: none, but something else is due; *ret_end: there
 * will be none. */
static struct job *writer_take(struct writer *writer, bool *ret_end)
{
    struct job *list;
    uint32_t count = 0;

    g_mutex_lock(&writer->lock);
    for (;;) {
        const int64_t now_us = g_get_monotonic_time(), until_us = take_until(writer);
        take_waiting(writer, now_us);
        if (writer->first != NULL || writer->stopping || until_us <= now_us)
            break;
        g_cond_wait_until(&writer->wake, &writer->lock, until_us);
    }
    list = writer->first;
    struct job **at = &writer->first;
    while (*at != NULL && count < WRITER_BATCH_MAX) {
        at = &(*at)->next;
        count++;
    }
    if (*at == NULL) {
        writer->first = NULL;
        writer->last = &writer->first;
    } else {
        struct job *rest = *at;
        *at = NULL; /* cuts the list, also when `at` is in it */
        writer->first = rest;
    }
    writer->figures.call_count += count;
    *ret_end = list == NULL && writer->stopping;
    g_mutex_unlock(&writer->lock);
    return list;
}

/* ---- transactions ---------------------------------------------------------------------------- */

static bool writer_begin(struct writer *writer)
{
    return store_in_transaction(writer->store) || writer_sql(writer, STATEMENT_begin_write);
}

/* On failure nothing of the transaction is left. */
static bool writer_commit(struct writer *writer)
{
    const bool good = writer_sql(writer, STATEMENT_commit);

    if (!good && store_in_transaction(writer->store))
        writer_sql(writer, STATEMENT_rollback); /* the problem that is kept is the first one */
    g_mutex_lock(&writer->lock);
    writer->figures.commit_count += good;
    g_mutex_unlock(&writer->lock);
    if (store_log_pages(writer->store) < writer->folded_pages)
        writer->folded_pages = 0; /* it began anew */
    if (store_log_pages(writer->store) >= writer->folded_pages + WRITER_LOG_PAGES) {
        store_fold(writer->store, false);
        writer->folded_pages = store_log_pages(writer->store);
    }
    return good;
}

static void writer_lose_all(struct writer *writer, struct job *list, const char *why)
{
    for (struct job *job = list; job != NULL; job = job->next) {
        job->again_us = -1;
        writer_lose(writer, job, why);
    }
}

/* Executes a list in one transaction, or in several when SQLite gives one up, then answers. */
static void writer_run_batch(struct writer *writer, struct job *list)
{
    struct job *done = NULL, **done_last = &done;

    while (list != NULL) {
        struct job *job = list;
        list = job->next;
        job->next = NULL;
        *done_last = job;
        done_last = &job->next;
        if (!writer_begin(writer)) {
            job_fail(job, 503, "not_saved", store_problem(writer->store));
            store_clear(writer->store);
            continue;
        }
        writer_execute(writer, job);
        if (!store_in_transaction(writer->store)) /* given up: what was done before is gone */
            writer_lose_all(writer, done, "the database gave up the transaction");
        store_clear(writer->store);
    }
    if (store_in_transaction(writer->store) && !writer_commit(writer))
        writer_lose_all(writer, done, store_problem(writer->store));
    store_clear(writer->store);
    writer_answer(writer, done);
}

/* The fault: answers first. */
static void writer_run_early(struct writer *writer, struct job *list)
{
    const int64_t now_us = g_get_monotonic_time();

    while (list != NULL) {
        struct job *job = list;
        list = job->next;
        job->next = NULL;
        if (!writer_begin(writer))
            job_fail(job, 503, "not_saved", store_problem(writer->store));
        else
            writer_execute(writer, job);
        if (writer->held_us == 0)
            writer->held_us = now_us;
        store_clear(writer->store);
        writer_answer(writer, job);
    }
    if (writer->held_us > 0 && now_us - writer->held_us >= WRITER_HOLD_US) {
        writer_commit(writer);
        store_clear(writer->store);
        writer->held_us = 0;
    }
}

/* Ends what has lapsed (expiry.c), in a transaction of its own. */
static void writer_sweep(struct writer *writer)
{
    const int64_t now_us = g_get_monotonic_time();
    struct call call = {.store = writer->store,
                        .faults = writer->shared->faults,
                        .shared = writer->shared,
                        .now_us = writer->shared->clock()};

    if (now_us < writer->sweep_us)
        return;
    writer->sweep_us = now_us + WRITER_SWEEP_US;
    if (writer_begin(writer)) {
        if (expiry_sweep(&call, WRITER_SWEEP_MAX) >= WRITER_SWEEP_MAX)
            writer->sweep_us = now_us; /* there is more */
        expiry_tidy(&call, WRITER_SWEEP_MAX);
        store_settle(writer->store);
        if (store_failed(writer->store)) {
            store_clear(writer->store);
            writer_sql(writer, STATEMENT_rollback);
        } else if (writer->answers_early) {
            writer->held_us = writer->held_us > 0 ? writer->held_us : now_us;
        } else {
            writer_commit(writer);
        }
    }
    store_clear(writer->store);
}

static void *writer_thread(void *user)
{
    struct writer *writer = user;
    bool end = false;

    while (!end) {
        struct job *list = writer_take(writer, &end);
        const int64_t since_us = g_get_monotonic_time() - writer->shared->began_us;
        const int64_t stall_us = faults_stall_us(writer->shared->faults, since_us);
        if (stall_us > 0 && list != NULL)
            g_usleep((gulong)stall_us);
        if (writer->answers_early)
            writer_run_early(writer, list);
        else if (list != NULL)
            writer_run_batch(writer, list);
        writer_sweep(writer);
    }
    if (store_in_transaction(writer->store))
        writer_commit(writer);
    store_fold(writer->store, true);
    return NULL;
}

/* ---- from outside ---------------------------------------------------------------------------- */

struct writer *writer_start(struct store *store, struct backend_shared *shared,
                            void (*answer)(struct job *job))
{
    struct writer *writer = g_new0(struct writer, 1);

    writer->store = store;
    writer->shared = shared;
    writer->answer = answer;
    writer->answers_early = faults_has(shared->faults, FAULT_ack_before_commit);
    writer->last = &writer->first;
    g_mutex_init(&writer->lock);
    g_cond_init(&writer->wake);
    writer->thread = g_thread_new("writer", writer_thread, writer);
    return writer;
}

void writer_push(struct writer *writer, struct job *job)
{
    bool was_empty;

    g_mutex_lock(&writer->lock);
    was_empty = writer->first == NULL;
    *writer->last = job;
    writer->last = &job->next;
    g_mutex_unlock(&writer->lock);
    if (was_empty)
        g_cond_signal(&writer->wake);
}

void writer_stop(struct writer *writer)
{
    if (writer == NULL)
        return;
    g_mutex_lock(&writer->lock);
    writer->stopping = true;
    g_cond_signal(&writer->wake);
    g_mutex_unlock(&writer->lock);
    g_thread_join(writer->thread);
    g_mutex_clear(&writer->lock);
    g_cond_clear(&writer->wake);
    g_free(writer);
}

struct writer_figures writer_figures(struct writer *writer)
{
    struct writer_figures figures;

    g_mutex_lock(&writer->lock);
    figures = writer->figures;
    g_mutex_unlock(&writer->lock);
    return figures;
}
