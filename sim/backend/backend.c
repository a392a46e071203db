/* One process, one database, these threads: those of the service read requests, check them, and
 * answer questions, each from its own connection; the writer executes what changes something. Nobody
 * else touches the database, which a lock on its file sees to (flock; SQLite's own locks are of
 * another kind).
 *
 * At the end the order counts: the service stops taking requests while the writer still answers what
 * it has; then the writer commits and folds its log into the database.
 */
#include "backend/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "backend/delay.h"
#include "backend/schema.h"
#include "backend/store_seed.h"
#include "backend/stale.h"
#include "backend/store_private.h"
#include "backend/writer.h"
#include "shell/diagnostic.h"

#define BACKEND_SESSION_US (INT64_C(30) * 60 * G_USEC_PER_SEC)
#define BACKEND_RESERVE_US (INT64_C(15) * 60 * G_USEC_PER_SEC)
#define BACKEND_THREADS 2
#define BACKEND_STOP_S 5

struct backend {
    struct backend_options options;
    char *path;
    char *folder; /* of a database that nobody keeps; NULL = it has a path */
    char *scenario;
    int lock; /* of the file */
    bool is_new;
    struct store_seed *seed;
    struct backend_shared shared;
    struct store *writes;
    struct store **reads; /* one for each thread */
    Service *service;
    struct writer *writer;
    struct delay *delay;
    struct writer_figures figures; /* once stopped */
};

/* ---- opening --------------------------------------------------------------------------------- */

/* A database without a name stands in memory where there is a file system for that. */
static gboolean open_nameless(Backend *backend, GError **ret_error)
{
    const char *parent = g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();

    backend->folder = g_build_filename(parent, "omosim-backend-XXXXXX", NULL);
    if (g_mkdtemp(backend->folder) == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", parent,
                    g_strerror(errno));
        g_clear_pointer(&backend->folder, g_free);
        return FALSE;
    }
    backend->path = g_build_filename(backend->folder, "shop.db", NULL);
    return TRUE;
}

static int64_t check_pragma(sqlite3 *sqlite, const char *sql)
{
    sqlite3_stmt *row = NULL;
    int64_t value = -1;

    if (sqlite3_prepare_v2(sqlite, sql, -1, &row, NULL) == SQLITE_OK &&
        sqlite3_step(row) == SQLITE_ROW)
        value = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return value;
}

/* What a database of ours was seeded from; NULL when it is none. Caller frees. */
static char *open_check(const char *path, GError **ret_error)
{
    static const char sql[] = "SELECT value FROM meta WHERE key = 'scenario'";
    sqlite3 *sqlite = NULL;
    sqlite3_stmt *row = NULL;
    char *scenario = NULL;
    int64_t application, version;

    if (sqlite3_open_v2(path, &sqlite, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        (application = check_pragma(sqlite, "PRAGMA application_id")) < 0)
        store_set_error(sqlite, path, ret_error);
    else if (application != SCHEMA_APPLICATION)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: not a database of omosim backend", path);
    else if ((version = check_pragma(sqlite, "PRAGMA user_version")) != SCHEMA_VERSION)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: of another version of omosim backend (%" G_GINT64_FORMAT ", this is %d)",
                    path, version, SCHEMA_VERSION);
    else if (sqlite3_prepare_v2(sqlite, sql, -1, &row, NULL) == SQLITE_OK &&
             sqlite3_step(row) == SQLITE_ROW)
        scenario = g_strdup((const char *)sqlite3_column_text(row, 0));
    else
        store_set_error(sqlite, path, ret_error);
    sqlite3_finalize(row);
    sqlite3_close_v2(sqlite);
    return scenario;
}

Backend *backend_open(const struct backend_options *options, GError **ret_error)
{
    g_autoptr(Backend) backend = g_new0(Backend, 1);

    backend->options = *options;
    backend->lock = -1;
    backend->shared.session_for_us =
        options->session_for_us > 0 ? options->session_for_us : BACKEND_SESSION_US;
    backend->shared.clock = options->clock != NULL ? options->clock : g_get_real_time;
    backend->shared.reserve_for_us =
        options->reserve_for_us > 0 ? options->reserve_for_us : BACKEND_RESERVE_US;
    backend->shared.openapi = options->openapi;
    if (backend->options.threads == 0)
        backend->options.threads = BACKEND_THREADS;
    backend->shared.faults = faults_new(options->faults, ret_error);
    if (backend->shared.faults == NULL)
        return NULL;
    if (options->path != NULL)
        backend->path = g_strdup(options->path);
    else if (!open_nameless(backend, ret_error))
        return NULL;
    backend->is_new = !g_file_test(backend->path, G_FILE_TEST_EXISTS);
    if (backend->is_new)
        backend->seed = store_seed_new(backend->path, ret_error);
    else
        backend->scenario = open_check(backend->path, ret_error);
    if (backend->is_new ? backend->seed == NULL : backend->scenario == NULL)
        return NULL;
    return g_steal_pointer(&backend);
}

const char *backend_fault_name(uint32_t i) { return i < FAULT_COUNT ? faults_name(i) : NULL; }

const char *backend_fault_help(uint32_t i) { return i < FAULT_COUNT ? faults_help(i) : NULL; }

bool backend_is_new(const Backend *backend) { return backend->is_new; }

const char *backend_scenario(const Backend *backend) { return backend->scenario; }

gboolean backend_seed_place(Backend *backend, const struct backend_place *place, GError **ret_error)
{
    return store_seed_place(backend->seed, place, ret_error);
}

gboolean backend_seed_product(Backend *backend, const struct backend_product *product,
                              GError **ret_error)
{
    return store_seed_product(backend->seed, product, ret_error);
}

gboolean backend_seed_stock(Backend *backend, uint32_t place, uint32_t product, int64_t units,
                            GError **ret_error)
{
    return store_seed_stock(backend->seed, place, product, units, ret_error);
}

gboolean backend_seed_coupon(Backend *backend, const struct backend_coupon *coupon,
                             GError **ret_error)
{
    return store_seed_coupon(backend->seed, coupon, ret_error);
}

gboolean backend_seed_members(Backend *backend, uint64_t count, GError **ret_error)
{
    return store_seed_members(backend->seed, count, ret_error);
}

gboolean backend_seed_end(Backend *backend, const char *scenario, GError **ret_error)
{
    const gboolean good = store_seed_end(backend->seed, scenario, ret_error);

    g_clear_pointer(&backend->seed, store_seed_free);
    return good;
}

/* ---- requests -------------------------------------------------------------------------------- */

static Backend *backend_of(struct job *job)
{
    return (Backend *)((char *)job->call.shared - offsetof(Backend, shared));
}

static void backend_answer(struct job *job)
{
    struct delay *delay = backend_of(job)->delay;

    if (job->slow_us > 0 && delay != NULL)
        delay_push(delay, job, job->slow_us);
    else
        job_finish(job);
}

/* Faults that hit any request. The auditor is spared: who reads the books is no customer. */
static bool backend_spoil(Backend *backend, struct job *job)
{
    if (job->route->access == ACCESS_AUDITOR)
        return false;
    job->slow_us = faults_next_slow_us(backend->shared.faults);
    switch (faults_next_error(backend->shared.faults)) {
    case FAULTS_NO_ERROR:
        return false;
    case FAULTS_ERROR_AFTER:
        job->fails_afterwards = true;
        return false;
    case FAULTS_ERROR_BEFORE:
        break;
    }
    job_fail(job, 500, "fault", "this request was chosen to fail before having been done");
    return true;
}

/* In one snapshot, however many statements it takes. */
static void backend_read(Backend *backend, uint32_t thread, struct job *job)
{
    struct store *store = backend->reads[thread];

    job->call.store = store;
    store_run(store, STATEMENT_begin, "");
    job_run(job);
    store_run(store, STATEMENT_commit, "");
    store_clear(store);
}

static void backend_handle(void *user, uint32_t thread, ServiceRequest *request)
{
    Backend *backend = user;
    struct backend_shared *shared = &backend->shared;
    const int64_t stall_us =
        faults_stall_us(shared->faults, g_get_monotonic_time() - shared->began_us);
    struct job *job;

    if (stall_us > 0)
        g_usleep((gulong)stall_us);
    job = job_new(shared, request);
    if (!job_prepare(job) || backend_spoil(backend, job)) {
        backend_answer(job);
    } else if (job->route->writes || faults_has(shared->faults, FAULT_ack_before_commit)) {
        writer_push(backend->writer, job);
    } else {
        backend_read(backend, thread, job);
        backend_answer(job);
    }
}

static char *backend_problem(void *user, uint32_t status)
{
    (void)user;
    return problem_text(status,
                        status == 408   ? "too_slow"
                        : status == 413 ? "too_large"
                                        : "unavailable",
                        status == 408   ? "the request took too long to come"
                        : status == 413 ? "the body is larger than this service takes"
                                        : "the service is stopping");
}

/* ---- starting and stopping ------------------------------------------------------------------- */

static gboolean start_lock(Backend *backend, GError **ret_error)
{
    backend->lock = open(backend->path, O_RDONLY | O_CLOEXEC);
    if (backend->lock >= 0 && flock(backend->lock, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", backend->path,
                errno == EWOULDBLOCK ? "another omosim backend has it open" : g_strerror(errno));
    return FALSE;
}

static int64_t meta_whole(struct store *store, const char *key)
{
    store_bind(store, STATEMENT_meta_get, "t", key);
    const int64_t whole =
        store_row(store, STATEMENT_meta_get) ? store_int(store, STATEMENT_meta_get, 0) : 0;
    store_settle(store);
    return whole;
}

/* Caller frees. */
static char *meta_text(struct store *store, const char *key)
{
    store_bind(store, STATEMENT_meta_get, "t", key);
    char *text = g_strdup(
        store_row(store, STATEMENT_meta_get) ? store_text(store, STATEMENT_meta_get, 0) : NULL);
    store_settle(store);
    return text;
}

static gboolean start_meta(Backend *backend, GError **ret_error)
{
    struct backend_shared *shared = &backend->shared;
    g_autofree char *secret = meta_text(backend->writes, "secret");

    shared->member_count = (uint64_t)meta_whole(backend->writes, "members");
    if (secret == NULL || strlen(secret) != 2 * BACKEND_SECRET_SIZE) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: not a database of omosim backend: it holds no secret", backend->path);
        return FALSE;
    }
    for (size_t i = 0; i < BACKEND_SECRET_SIZE; i++)
        shared->secret[i] = (uint8_t)(g_ascii_xdigit_value(secret[2 * i]) * 16 +
                                      g_ascii_xdigit_value(secret[2 * i + 1]));
    shared->directory = directory_new(backend->writes, ret_error);
    if (shared->directory == NULL)
        g_prefix_error(ret_error, "%s: ", backend->path);
    return shared->directory != NULL;
}

static gboolean start_stores(Backend *backend, GError **ret_error)
{
    if (!start_lock(backend, ret_error))
        return FALSE;
    backend->writes = store_open(backend->path, true, ret_error);
    if (backend->writes == NULL || !start_meta(backend, ret_error))
        return FALSE;
    backend->reads = g_new0(struct store *, backend->options.threads);
    for (uint32_t i = 0; i < backend->options.threads; i++) {
        backend->reads[i] = store_open(backend->path, false, ret_error);
        if (backend->reads[i] == NULL)
            return FALSE;
    }
    return TRUE;
}

gboolean backend_start(Backend *backend, GError **ret_error)
{
    struct backend_shared *shared = &backend->shared;
    const struct service_options service = {.address = backend->options.address,
                                            .threads = backend->options.threads,
                                            .handle = backend_handle,
                                            .problem = backend_problem,
                                            .problem_type = "application/problem+json",
                                            .user = backend};

    if (!start_stores(backend, ret_error))
        return FALSE;
    if (faults_has(shared->faults, FAULT_stale_stock))
        shared->stale = stale_new(faults_us(shared->faults, FAULT_stale_stock));
    if (faults_has(shared->faults, FAULT_slow))
        backend->delay = delay_start();
    shared->began_us = g_get_monotonic_time();
    backend->writer = writer_start(backend->writes, shared, backend_answer);
    backend->service = service_start(&service, ret_error);
    return backend->service != NULL;
}

const char *backend_url(const Backend *backend) { return service_url(backend->service); }

gboolean backend_stop(Backend *backend, GError **ret_error)
{
    if (backend->service != NULL)
        service_stop(backend->service, BACKEND_STOP_S);
    g_clear_pointer(&backend->delay, delay_stop);
    if (backend->writer != NULL) {
        backend->figures = writer_figures(backend->writer);
        writer_stop(g_steal_pointer(&backend->writer));
    }
    for (uint32_t i = 0; backend->reads != NULL && i < backend->options.threads; i++)
        g_clear_pointer(&backend->reads[i], store_close);
    if (backend->writes != NULL && store_failed(backend->writes)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", backend->path,
                    store_problem(backend->writes));
        return FALSE;
    }
    g_clear_pointer(&backend->writes, store_close);
    return TRUE;
}

char *backend_summary(Backend *backend)
{
    const struct backend_shared *shared = &backend->shared;
    const struct writer_figures figures =
        backend->writer != NULL ? writer_figures(backend->writer) : backend->figures;
    json_t *summary =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "requests", (json_int_t)shared->request_count,
                  "refused", (json_int_t)shared->refused_count, "failed",
                  (json_int_t)shared->failed_count, "writes", (json_int_t)figures.call_count,
                  "commits", (json_int_t)figures.commit_count, "not_saved",
                  (json_int_t)figures.lost_count);
    char *text = json_dumps(summary, JSON_COMPACT);

    json_decref(summary);
    return text;
}

void backend_free(Backend *backend)
{
    if (backend == NULL)
        return;
    backend_stop(backend, NULL);
    store_close(backend->writes);
    g_clear_pointer(&backend->service, service_free);
    g_free(backend->reads);
    if (backend->lock >= 0)
        close(backend->lock);
    store_seed_free(backend->seed);
    if (backend->folder != NULL) {
        g_unlink(backend->path);
        g_rmdir(backend->folder);
    }
    directory_free(backend->shared.directory);
    stale_free(backend->shared.stale);
    faults_free(backend->shared.faults);
    g_free(backend->path);
    g_free(backend->folder);
    g_free(backend->scenario);
    g_free(backend);
}
