/* The record of a run's requests: every row of every worker, whole when it says so; death, small
 * disks and slow ones cost what they must and are told.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <omosim/plan.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/database.h"
#include "results/record.h"
#include "results/scratch.h"
#include "shell/diagnostic.h"

static struct record_row row_of(uint64_t number)
{
    return (struct record_row){.number = number,
                               .journey = number / 7,
                               .member = number * 3,
                               .order = UINT64_MAX - number,
                               .amount = -(int64_t)number,
                               .intended_us = (int64_t)number * 10,
                               .sent_us = number % 5 == 0 ? -1 : (int64_t)number * 10 + 1,
                               .done_us = (int64_t)number * 10 + 300,
                               .sku = number % 3 == 0 ? 4000000000u : OMO_PLAN_NONE,
                               .place = number % 7 == 0 ? OMO_PLAN_NONE : 17,
                               .request = 2,
                               .quantity = 65535,
                               .coupon = number % 2 == 0 ? 9 : OMO_PLAN_NO_COUPON,
                               .status = 503,
                               .step = 3,
                               .outcome = 6,
                               .tries = 2,
                               .pass = 1};
}

/* First column of the first row, or -1 when the file can't be asked. */
static int64_t ask(const char *path, const char *sql)
{
    struct database database = {.sqlite = NULL};
    sqlite3_stmt *select = NULL;
    int64_t number = -1;

    if (database_open(&database, path, SQLITE_OPEN_READONLY, NULL) &&
        (select = database_prepare(&database, sql, NULL)) != NULL &&
        sqlite3_step(select) == SQLITE_ROW)
        number = sqlite3_column_int64(select, 0);
    sqlite3_finalize(select);
    database_close(&database);
    return number;
}

static Recorder *open_or_fail(const char *path, uint32_t workers)
{
    static const char *const requests[] = {"log in", "cart", "pay", NULL};
    g_autoptr(GError) error = NULL;
    Recorder *recorder = recorder_open(path, workers, requests, &error);

    ck_assert_msg(recorder != NULL, "%s", error != NULL ? error->message : "");
    return recorder;
}

START_TEST(test_round_trip)
{
    static const char *const steps[] = {"log_in", "browse", "search", "scan", NULL};
    g_autofree char *path = path_of("r.db"), *log = path_of("r.db-wal");
    Recorder *recorder = open_or_fail(path, 1);
    uint64_t count = 0;

    ck_assert(recorder_name(recorder, "step", steps, NULL));
    recorder_note(recorder, "target", "http://127.0.0.1:1");
    recorder_note(recorder, "target", "http://127.0.0.1:2");
    ck_assert_int_eq(ask(path, "SELECT value FROM record_run WHERE key = 'complete'"), 0);
    for (uint64_t i = 0; i < 1000; i++) {
        struct record_row row = row_of(i);
        ck_assert(recorder_add(recorder, 0, &row));
    }
    ck_assert(recorder_close(recorder, &count, NULL));
    ck_assert_uint_eq(count, 1000);
    ck_assert_int_eq(ask(path, "SELECT value FROM record_run WHERE key = 'complete'"), 1);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM request"), 1000);
    ck_assert_int_eq(
        ask(path, "SELECT count(*) FROM request WHERE journey = number / 7 AND pass = 1"
                  " AND step = 3 AND request = 2 AND member = number * 3 AND order_id = -1 - number"
                  " AND place IS iif(number % 7 = 0, NULL, 17)"
                  " AND sku IS iif(number % 3 = 0, 4000000000, NULL) AND quantity = 65535"
                  " AND amount = -number AND coupon IS iif(number % 2 = 0, 9, NULL) AND outcome = "
                  "6 AND status = 503"
                  " AND intended_us = number * 10 AND tries = 2 AND done_us = number * 10 + 300"
                  " AND sent_us IS iif(number % 5 = 0, NULL, number * 10 + 1)"),
        1000);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM record_run WHERE value LIKE '%:2'"), 1);
    ck_assert_int_eq(ask(path, "SELECT number FROM request_name WHERE name = 'pay'"), 2);
    ck_assert_int_eq(ask(path, "SELECT number FROM step_name WHERE name = 'scan'"), 3);
    ck_assert(!g_file_test(log, G_FILE_TEST_EXISTS));
    recorder_free(open_or_fail(path, 1)); /* replaces */
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM request"), 0);
    ck_assert_int_eq(ask(path, "SELECT value FROM record_run WHERE key = 'complete'"), 0);
}
END_TEST

START_TEST(test_foreign)
{
    g_autofree char *letter = path_of("letter.txt"), *nowhere = path_of("absent/r.db");
    g_autoptr(GError) error = NULL, absent = NULL;

    ck_assert(g_file_set_contents(letter, "a letter", -1, NULL));
    ck_assert_ptr_null(recorder_open(letter, 1, NULL, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    ck_assert_ptr_null(recorder_open(nowhere, 1, NULL, &absent));
    ck_assert_int_eq(diagnostic_exit_status(absent), 3);
    ck_assert_ptr_nonnull(strstr(absent->message, "absent/r.db: "));
}
END_TEST

#define WORKERS 4
#define WORKER_ROWS 100000

struct worker {
    Recorder *recorder;
    uint32_t number;
    uint64_t added;
};

/* Adds rows; waits while the ring is half full, as a run at a bearable rate would. */
static gpointer work(gpointer user)
{
    struct worker *worker = user;

    for (uint64_t i = 0; i < WORKER_ROWS; i++) {
        struct record_row row = row_of(i * WORKERS + worker->number);
        if (!recorder_add(worker->recorder, worker->number, &row))
            break;
        worker->added++;
        while (i % 1000 == 0 &&
               i * WORKERS > recorder_saved(worker->recorder) + RECORD_RING_ROWS / 2)
            g_usleep(1000);
    }
    return NULL;
}

START_TEST(test_many_threads)
{
    g_autofree char *path = path_of("r.db");
    Recorder *recorder = open_or_fail(path, WORKERS);
    struct worker workers[WORKERS];
    GThread *threads[WORKERS];
    uint64_t count = 0;

    for (uint32_t w = 0; w < WORKERS; w++) {
        workers[w] = (struct worker){.recorder = recorder, .number = w};
        threads[w] = g_thread_new("worker", work, &workers[w]);
    }
    for (uint32_t w = 0; w < WORKERS; w++) {
        g_thread_join(threads[w]);
        ck_assert_uint_eq(workers[w].added, WORKER_ROWS);
    }
    ck_assert(recorder_close(recorder, &count, NULL));
    ck_assert_uint_eq(count, WORKERS * WORKER_ROWS);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM request"), WORKERS * WORKER_ROWS);
    ck_assert_int_eq(ask(path, "SELECT max(number) FROM request"), WORKERS * WORKER_ROWS - 1);
}
END_TEST

/* Somebody else holds the file: stands in for a disk that does not answer. The worker is told, is
 * never made to wait, and what was in the ring is kept once the disk comes back. */
START_TEST(test_slow_disk)
{
    g_autofree char *path = path_of("r.db");
    g_autoptr(GError) error = NULL;
    struct database other = {.sqlite = NULL};
    Recorder *recorder = open_or_fail(path, 1);
    uint64_t added = 0, count = 0;
    struct record_row row = row_of(0);
    int64_t began_us;

    ck_assert(database_open(&other, path, SQLITE_OPEN_READWRITE, NULL));
    ck_assert(database_run(&other, "BEGIN IMMEDIATE", NULL));
    began_us = g_get_monotonic_time();
    while (recorder_add(recorder, 0, &row)) {
        row.number++;
        added++;
    }
    ck_assert_uint_eq(added, RECORD_RING_ROWS);
    ck_assert_int_lt(g_get_monotonic_time() - began_us, 4000000); /* SQLite waits for 5 s */
    ck_assert(!recorder_add(recorder, 0, &row));
    ck_assert(database_run(&other, "ROLLBACK", NULL));
    database_close(&other);
    ck_assert(!recorder_close(recorder, &count, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 3);
    ck_assert_ptr_nonnull(strstr(error->message, "can't keep up"));
    ck_assert_uint_eq(count, RECORD_RING_ROWS);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM request"), RECORD_RING_ROWS);
    ck_assert_int_eq(ask(path, "SELECT value FROM record_run WHERE key = 'complete'"), 0);
}
END_TEST

/* A file size limit stands in for a small disk. */
START_TEST(test_full_disk)
{
    g_autofree char *path = path_of("r.db");
    g_autoptr(GError) error = NULL;
    Recorder *recorder = open_or_fail(path, 1);
    struct rlimit old, small;
    uint64_t added = 0, count = 0;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 2 * 1024 * 1024;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 60000; i++) { /* until it is refused; 60 s at most */
        struct record_row row = row_of(added);
        bool good = true;
        for (int k = 0; good && k < 20; k++) {
            row.number = added;
            good = recorder_add(recorder, 0, &row);
            added += good;
        }
        if (!good)
            break;
        g_usleep(1000);
    }
    ck_assert(!recorder_close(recorder, &count, &error));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(diagnostic_exit_status(error), 3);
    ck_assert_ptr_nonnull(strstr(error->message, "no space left"));
    ck_assert_ptr_nonnull(strstr(error->message, "r.db"));
    ck_assert_uint_gt(count, 0);
    ck_assert_uint_lt(count, added);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM request"), (int64_t)count);
    ck_assert_int_eq(ask(path, "SELECT max(number) FROM request"), (int64_t)count - 1);
    ck_assert_int_eq(ask(path, "SELECT value FROM record_run WHERE key = 'complete'"), 0);
}
END_TEST

/* A child records, says how much was saved, and is killed at many moments. */
START_TEST(test_killed)
{
    g_autofree char *path = path_of("r.db");

    for (int k = 0; k < 6; k++) {
        int64_t told = 0, found;
        int ends[2], status;
        pid_t child;
        ck_assert_int_eq(pipe(ends), 0);
        child = fork();
        if (child == 0) {
            Recorder *recorder = recorder_open(path, 1, NULL, NULL);
            for (uint64_t i = 0;; i++) {
                struct record_row row = row_of(i);
                int64_t saved;
                if (!recorder_add(recorder, 0, &row))
                    _exit(1);
                if (i % 50 != 0)
                    continue;
                saved = (int64_t)recorder_saved(recorder);
                if (write(ends[1], &saved, sizeof saved) != sizeof saved)
                    _exit(2);
                g_usleep(500);
            }
        }
        close(ends[1]);
        for (int64_t next; told < 2000 * (k + 1) && read(ends[0], &next, sizeof next) > 0;)
            told = next;
        kill(child, SIGKILL);
        for (int64_t next; read(ends[0], &next, sizeof next) > 0;)
            told = next;
        close(ends[0]);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        found = ask(path, "SELECT count(*) FROM request");
        ck_assert_int_ge(told, 2000 * (k + 1));
        ck_assert_int_ge(found, told);
        ck_assert_int_eq(ask(path, "SELECT max(number) FROM request"), found - 1);
        ck_assert_int_eq(ask(path, "SELECT value FROM record_run WHERE key = 'complete'"), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("record");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_foreign);
    tcase_add_test(tests, test_many_threads);
    tcase_add_test(tests, test_slow_disk);
    tcase_add_test(tests, test_full_disk);
    tcase_add_test(tests, test_killed);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
