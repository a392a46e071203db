/* The file of a load run: rows come back as they went in, what carries the name is always whole,
 * and nothing foreign is touched.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/database.h"
#include "results/load_results.h"
#include "results/results.h"
#include "results/scratch.h"
#include "shell/diagnostic.h"

#define TEXT(value)                                                                                \
    {                                                                                              \
        .kind = LOAD_VALUE_TEXT, .text = (value)                                                   \
    }
#define WHOLE(value)                                                                               \
    {                                                                                              \
        .kind = LOAD_VALUE_WHOLE, .whole = (value)                                                 \
    }
#define NUMBER(value)                                                                              \
    {                                                                                              \
        .kind = LOAD_VALUE_NUMBER, .number = (value)                                               \
    }

/* A file with `buckets` rows of the histogram. */
static gboolean save(const char *path, const char *title, int64_t buckets, GError **ret_error)
{
    LoadResults *results = load_results_create(path, ret_error);
    const struct load_value fact[] = {TEXT("title"), TEXT(title)};
    const struct load_value rate[] = {TEXT("held_rate"), NUMBER(998.25)};
    const struct load_value threshold[] = {WHOLE(0),   TEXT("p99<1s"),     TEXT("--threshold"),
                                           WHOLE(1),   NUMBER(12.5),       NUMBER(1000),
                                           TEXT("ms"), NUMBER((double)NAN)};

    if (results == NULL)
        return FALSE;
    load_results_add(results, "load", fact, 2);
    load_results_add(results, "load", rate, 2);
    load_results_add(results, "threshold", threshold, 8);
    for (int64_t i = 0; i < buckets; i++) {
        const struct load_value bucket[] = {TEXT(""), TEXT("response"), WHOLE(i * 1000),
                                            WHOLE(i * 1000 + 999), WHOLE(INT64_MAX)};
        load_results_add(results, "load_bucket", bucket, 5);
    }
    return load_results_close(results, ret_error);
}

/* First column of the first row as text, or "none" when the file can't be read. */
static char *ask(const char *path, const char *sql)
{
    struct database database = {.sqlite = NULL};
    sqlite3_stmt *select = NULL;
    char *text = NULL;

    if (database_open(&database, path, SQLITE_OPEN_READONLY, NULL) &&
        (select = database_prepare(&database, sql, NULL)) != NULL &&
        sqlite3_step(select) == SQLITE_ROW)
        text = g_strdup(database_text(select, 0));
    sqlite3_finalize(select);
    database_close(&database);
    return text != NULL ? text : g_strdup("none");
}

static void check_ask(const char *path, const char *sql, const char *expected)
{
    g_autofree char *found = ask(path, sql);

    ck_assert_str_eq(found, expected);
}

START_TEST(test_round_trip)
{
    g_autofree char *path = path_of("a.db"), *made = path_of("a.db-new");
    g_autoptr(GError) error = NULL;

    ck_assert_msg(save(path, "one", 1000, &error), "%s", error != NULL ? error->message : "");
    check_ask(path, "SELECT value FROM load WHERE key = 'title'", "one");
    check_ask(path, "SELECT typeof(value) || value FROM load WHERE key = 'held_rate'",
              "real998.25");
    check_ask(path, "SELECT count(*) || ' ' || max(high_ns) || ' ' || min(count) FROM load_bucket",
              "1000 999999 9223372036854775807");
    check_ask(path, "SELECT text || value || unit || (at_s IS NULL) FROM threshold",
              "p99<1s12.5ms1");
    check_ask(path, "SELECT user_version FROM pragma_user_version", "101");
    check_ask(path, "SELECT count(*) FROM capacity", "0");
    ck_assert(!g_file_test(made, G_FILE_TEST_EXISTS));
    ck_assert(save(path, "two", 3, NULL)); /* replaces */
    check_ask(path, "SELECT value FROM load WHERE key = 'title'", "two");
}
END_TEST

START_TEST(test_not_closed)
{
    g_autofree char *path = path_of("a.db"), *made = path_of("a.db-new");
    LoadResults *results;

    ck_assert(save(path, "old", 3, NULL));
    results = load_results_create(path, NULL);
    ck_assert_ptr_nonnull(results);
    check_ask(path, "SELECT value FROM load WHERE key = 'title'", "old");
    load_results_free(results);
    check_ask(path, "SELECT value FROM load WHERE key = 'title'", "old");
    ck_assert(!g_file_test(made, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_foreign)
{
    static const char text[] = "a letter that nobody has a copy of";
    g_autofree char *letter = path_of("letter.txt"), *nowhere = path_of("absent/a.db");
    g_autofree char *kept = NULL;
    g_autoptr(GError) error = NULL, absent = NULL, full = NULL;

    ck_assert(g_file_set_contents(letter, text, -1, NULL));
    ck_assert(!save(letter, "x", 1, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT));
    ck_assert_ptr_nonnull(strstr(error->message, "no omosim result"));
    ck_assert(g_file_get_contents(letter, &kept, NULL, NULL));
    ck_assert_str_eq(kept, text);
    ck_assert(!save(nowhere, "x", 1, &absent));
    ck_assert_int_eq(diagnostic_exit_status(absent), 3);
    ck_assert_ptr_nonnull(strstr(absent->message, "absent/a.db:"));
    ck_assert(!save("/dev/full", "x", 1, &full));
    ck_assert_int_eq(diagnostic_exit_status(full), 2);
}
END_TEST

START_TEST(test_same_key_twice)
{
    g_autofree char *path = path_of("a.db");
    g_autoptr(GError) error = NULL;
    LoadResults *results = load_results_create(path, NULL);
    const struct load_value row[] = {TEXT("journeys"), WHOLE(1)};

    load_results_add(results, "load_count", row, 2);
    load_results_add(results, "load_count", row, 2);
    load_results_add(results, "load_count", row, 2);
    ck_assert(!load_results_close(results, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "a.db: "));
    ck_assert_ptr_null(strstr(error->message, "-new"));
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

/* A file size limit stands in for a small disk. The old result stays. */
START_TEST(test_full_disk)
{
    g_autofree char *path = path_of("a.db"), *made = path_of("a.db-new");
    g_autoptr(GError) error = NULL;
    struct rlimit old, small;

    ck_assert(save(path, "old", 3, NULL));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 256 * 1024;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    ck_assert(!save(path, "new", 50000, &error));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(diagnostic_exit_status(error), 3);
    ck_assert_ptr_nonnull(strstr(error->message, "a.db: no space left"));
    check_ask(path, "SELECT value FROM load WHERE key = 'title'", "old");
    ck_assert(!g_file_test(made, G_FILE_TEST_EXISTS));
}
END_TEST

/* Kills a writer at many moments: what has the name is whole, old or new. */
START_TEST(test_killed_anywhere)
{
    g_autofree char *path = path_of("a.db");

    for (int delay_us = 0; delay_us < 60000; delay_us += 3000) {
        pid_t child;
        int status;
        ck_assert(save(path, "old", 3, NULL));
        child = fork();
        if (child == 0) {
            save(path, "new", 20000, NULL);
            _exit(0);
        }
        g_usleep((gulong)delay_us);
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            g_autofree char *found =
                ask(path, "SELECT value || (SELECT count(*) FROM load_bucket) FROM load"
                          " WHERE key = 'title'");
            ck_assert(strcmp(found, "old3") == 0 || strcmp(found, "new20000") == 0);
        }
    }
    ck_assert(save(path, "after", 1, NULL)); /* what the dead left behind is no hindrance */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("load results");
    TCase *tests = tcase_create("file");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_not_closed);
    tcase_add_test(tests, test_foreign);
    tcase_add_test(tests, test_same_key_twice);
    tcase_add_test(tests, test_full_disk);
    tcase_add_test(tests, test_killed_anywhere);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
