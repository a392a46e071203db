/* A result file: what goes in comes out, foreign files are safe, death and full disks cost no more
 * than the point in flight, and the bytes depend on nothing but the input.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/results.h"
#include "results/scratch.h"
#include "results/tiny_chain.h"
#include "shell/diagnostic.h"

static const struct results_calibration calibration = {.figure = "orders",
                                                       .source = "a newspaper",
                                                       .kpi = "orders",
                                                       .published = 300,
                                                       .scale = 0.5};

static const struct results_meta meta = {
    .command = "omosim compare tiny.yaml",
    .title = "Tiny",
    .question = "Which price?",
    .currency = "CNY",
    .seed = UINT64_MAX,
    .replications = 3,
    .point_count = 2,
    .horizon_us = 3 * OMO_US_PER_DAY,
    .calibration = &calibration,
    .calibration_count = 1,
};

static omo_experiment_options options_of(uint32_t threads)
{
    omo_experiment_options options = omo_experiment_defaults();

    options.replications = 3;
    options.threads = threads;
    return options;
}

/* Runs `count` points on `threads` threads and saves them. */
static void save(const char *path, uint32_t count, uint32_t threads)
{
    struct tiny_chain chain;
    GError *error = NULL;
    Results *results = results_create(path, &meta, &error);

    ck_assert_msg(results != NULL, "%s", error != NULL ? error->message : "");
    tiny_chain_make(&chain, count, options_of(threads));
    tiny_chain_run(&chain);
    for (uint32_t p = 0; p < count; p++) {
        struct results_point_note note = {.label = p == 0 ? "base" : NULL,
                                          .role = p == 0 ? "calibrated" : "predicted",
                                          .overrides = "skus.tea.price=6"};
        ck_assert(results_add_point(results, chain.experiment, p, &note, &error));
    }
    ck_assert(results_close(results, &error));
    tiny_chain_free(&chain);
}

static void check_summary(omo_summary a, omo_summary b)
{
    ck_assert_uint_eq(a.count, b.count);
    ck_assert(a.mean == b.mean || (isnan(a.mean) && isnan(b.mean)));
    ck_assert(a.half_width == b.half_width || (isnan(a.half_width) && isnan(b.half_width)));
}

START_TEST(test_round_trip)
{
    g_autofree char *path = path_of("a.db");
    struct tiny_chain chain;
    g_autoptr(Results) results = NULL;
    const struct results_meta *read;
    int64_t profit;

    save(path, 2, 1);
    tiny_chain_make(&chain, 2, options_of(1));
    tiny_chain_run(&chain);
    results = results_open(path, NULL);
    ck_assert_ptr_nonnull(results);
    read = results_get_meta(results);
    ck_assert_str_eq(read->title, "Tiny");
    ck_assert_str_eq(read->scenario, "");
    ck_assert_str_eq(read->objective, "profit");
    ck_assert(read->seed == UINT64_MAX);
    ck_assert_int_eq(read->horizon_us, meta.horizon_us);
    ck_assert_uint_eq(read->calibration_count, 1);
    ck_assert_str_eq(read->calibration[0].source, "a newspaper");
    ck_assert(read->calibration[0].scale == 0.5);

    ck_assert_uint_eq(results_point_count(results), 2);
    ck_assert_str_eq(results_get_point(results, 0)->label, "base");
    ck_assert_str_eq(results_get_point(results, 1)->label, "p1");
    ck_assert_str_eq(results_get_point(results, 1)->role, "predicted");
    ck_assert_str_eq(results_get_point(results, 1)->overrides, "skus.tea.price=6");
    ck_assert_uint_eq(results_get_point(results, 1)->replications, 3);
    ck_assert(results_get_point(results, 1)->digest ==
              omo_experiment_point_digest(chain.experiment, 1));
    ck_assert_uint_eq(results_column_count(results), omo_model_kpi_count(chain.model[0]));
    profit = results_find_column(results, "profit");
    ck_assert_int_ge(profit, 0);
    ck_assert_str_eq(results_get_column(results, (uint32_t)profit)->unit, "CNY");
    ck_assert_int_eq(results_get_column(results, (uint32_t)profit)->direction, 1);
    ck_assert_int_eq(results_find_column(results, "no_such"), -1);
    ck_assert_int_ge(results_find_column(results, "orders.walk_in"), 0);

    for (uint32_t i = 0; i < results_column_count(results); i++) {
        omo_summary summary, paired;
        ck_assert(results_summary(results, 1, i, &summary, NULL));
        check_summary(summary, omo_experiment_summary(chain.experiment, 1, i));
        ck_assert(results_paired(results, 1, 0, i, &paired, NULL));
        check_summary(paired, omo_experiment_paired(chain.experiment, 1, 0, i));
    }
    tiny_chain_free(&chain);
}
END_TEST

START_TEST(test_detail)
{
    g_autofree char *path = path_of("a.db");
    struct tiny_chain chain;
    g_autoptr(Results) results = NULL;
    g_autoptr(GArray) days = NULL, places = NULL, flows = NULL, waits = NULL, audits = NULL;
    uint32_t cursor = 0;
    int64_t low, high;
    uint64_t count;

    save(path, 2, 1);
    tiny_chain_make(&chain, 2, options_of(1));
    tiny_chain_run(&chain);
    results = results_open(path, NULL);
    days = results_days(results, 1, NULL);
    places = results_places(results, 1, NULL);
    flows = results_flows(results, 1, NULL);
    waits = results_lead_times(results, 1, 1, NULL);
    audits = results_audits(results, 1, NULL);
    ck_assert_uint_eq(days->len, omo_experiment_day_count(chain.experiment, 1));
    ck_assert_int_eq(memcmp(days->data, omo_experiment_days(chain.experiment, 1),
                            days->len * sizeof(omo_day_row)),
                     0);
    ck_assert_uint_eq(places->len, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct results_place *place = &g_array_index(places, struct results_place, i);
        ck_assert_str_eq(place->id, omo_model_place_id(chain.model[1], i));
        ck_assert_int_eq(memcmp(&place->row, &omo_experiment_places(chain.experiment, 1)[i],
                                sizeof place->row),
                         0);
    }
    ck_assert_uint_eq(flows->len, omo_experiment_flow_count(chain.experiment, 1));
    ck_assert_uint_gt(flows->len, 0);
    for (uint32_t i = 0; i < waits->len; i++) {
        const struct results_bucket *bucket = &g_array_index(waits, struct results_bucket, i);
        ck_assert(omo_histogram_next(omo_experiment_lead_times(chain.experiment, 1, 1), &cursor,
                                     &low, &high, &count));
        ck_assert(bucket->low == low && bucket->high == high && bucket->count == count);
    }
    ck_assert_uint_gt(waits->len, 0);
    ck_assert_uint_eq(audits->len, 1);
    ck_assert(g_array_index(audits, struct results_audit, 0).held);
    tiny_chain_free(&chain);
}
END_TEST

START_TEST(test_same_bytes)
{
    g_autofree char *a = path_of("a.db"), *b = path_of("b.db");
    g_autofree char *a_bytes = NULL, *b_bytes = NULL;
    size_t a_size, b_size;

    save(a, 2, 1);
    save(b, 2, 4);
    save(b, 2, 2); /* replaces */
    ck_assert(g_file_get_contents(a, &a_bytes, &a_size, NULL));
    ck_assert(g_file_get_contents(b, &b_bytes, &b_size, NULL));
    ck_assert_uint_eq(a_size, b_size);
    ck_assert_int_eq(memcmp(a_bytes, b_bytes, a_size), 0);
}
END_TEST

START_TEST(test_one_file)
{
    g_autofree char *path = path_of("a.db"), *log = path_of("a.db-wal"), *shm = path_of("a.db-shm");

    save(path, 1, 1);
    ck_assert(g_file_test(path, G_FILE_TEST_IS_REGULAR));
    ck_assert(!g_file_test(log, G_FILE_TEST_EXISTS));
    ck_assert(!g_file_test(shm, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_foreign_files)
{
    static const char text[] = "a letter that nobody has a copy of";
    g_autofree char *letter = path_of("letter.txt"), *empty = path_of("empty.db");
    g_autofree char *other = path_of("other.db"), *kept = NULL;
    g_autoptr(GError) error = NULL, open_error = NULL, directory_error = NULL, gone_error = NULL;
    Results *results;

    ck_assert(g_file_set_contents(letter, text, -1, NULL));
    ck_assert_ptr_null(results_create(letter, &meta, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT));
    ck_assert_ptr_nonnull(strstr(error->message, "letter.txt"));
    ck_assert_ptr_nonnull(strstr(error->message, "no omosim result"));
    ck_assert(g_file_get_contents(letter, &kept, NULL, NULL));
    ck_assert_str_eq(kept, text);
    ck_assert_ptr_null(results_open(letter, &open_error));
    ck_assert(g_error_matches(open_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT));
    ck_assert_ptr_null(results_create(directory, &meta, &directory_error));
    ck_assert_ptr_null(results_open(other, &gone_error));
    ck_assert_ptr_nonnull(strstr(gone_error->message, "no such file"));

    ck_assert(g_file_set_contents(empty, "", 0, NULL));
    results = results_create(empty, &meta, NULL);
    ck_assert_ptr_nonnull(results);
    results_free(results);
}
END_TEST

static struct {
    Results *results;
    uint32_t kill_at;
} dying;

static void die_on_point(void *user, const omo_experiment *experiment, uint32_t point)
{
    (void)user;
    if (point == dying.kill_at)
        raise(SIGKILL);
    if (!results_add_point(dying.results, experiment, point, NULL, NULL))
        _exit(1);
}

/* A child saves points as they end and is killed between two of them. */
START_TEST(test_killed)
{
    g_autofree char *path = path_of("a.db");
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct tiny_chain chain;
        omo_experiment_options options = options_of(2);
        options.on_point = die_on_point;
        dying.results = results_create(path, &meta, NULL);
        dying.kill_at = 2;
        tiny_chain_make(&chain, 4, options);
        tiny_chain_run(&chain);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGKILL);
    {
        g_autoptr(Results) results = results_open(path, NULL);
        g_autoptr(GArray) days = NULL;
        ck_assert_ptr_nonnull(results);
        ck_assert_uint_eq(results_point_count(results), 2);
        ck_assert_str_eq(results_get_point(results, 1)->name, "p1");
        days = results_days(results, 1, NULL);
        ck_assert_uint_eq(days->len, 3);
    }
    save(path, 1, 1); /* what the dead left behind may be replaced */
    {
        g_autoptr(Results) results = results_open(path, NULL);
        ck_assert_uint_eq(results_point_count(results), 1);
    }
}
END_TEST

/* Kills a writer at many moments: what is found is always whole points. */
START_TEST(test_killed_anywhere)
{
    g_autofree char *path = path_of("a.db");

    for (int delay_us = 0; delay_us < 60000; delay_us += 4000) {
        pid_t child = fork();
        int status;
        if (child == 0) {
            save(path, 6, 1);
            _exit(0);
        }
        g_usleep((gulong)delay_us);
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            GStatBuf info;
            g_autoptr(GError) error = NULL;
            g_autoptr(Results) results = results_open(path, &error);
            ck_assert_int_eq(g_stat(path, &info), 0);
            ck_assert_msg(results != NULL || info.st_size == 0, "killed after %d us: %s", delay_us,
                          error != NULL ? error->message : "");
            for (uint32_t p = 0; results != NULL && p < results_point_count(results); p++) {
                g_autoptr(GArray) days = results_days(results, p, NULL);
                ck_assert_uint_eq(results_get_point(results, p)->replications, 3);
                ck_assert_uint_eq(days->len, 3);
            }
        }
    }
}
END_TEST

/* A size limit stands in for a full disk: the write is refused, the process lives. */
START_TEST(test_disk_full)
{
    g_autofree char *path = path_of("a.db");
    struct rlimit limit = {.rlim_cur = 300000, .rlim_max = RLIM_INFINITY};
    struct rlimit before;
    struct tiny_chain chain;
    uint32_t saved = 0;
    GError *error = NULL;
    Results *results = results_create(path, &meta, NULL);

    signal(SIGXFSZ, SIG_IGN);
    tiny_chain_make(&chain, 12, options_of(1));
    tiny_chain_run(&chain);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit.rlim_max = before.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    while (saved < 12 && results_add_point(results, chain.experiment, saved, NULL, &error))
        saved++;
    results_free(results);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_uint_lt(saved, 12);
    ck_assert_ptr_nonnull(error);
    ck_assert_int_eq(diagnostic_exit_status(error), 3);
    ck_assert_msg(strstr(error->message, "no space left") != NULL, "%s", error->message);
    ck_assert_msg(strstr(error->message, "a.db") != NULL, "%s", error->message);
    {
        g_autoptr(Results) read = results_open(path, NULL);
        ck_assert_uint_eq(results_point_count(read), saved);
    }
    g_error_free(error);
    tiny_chain_free(&chain);
}
END_TEST

START_TEST(test_disk_full_at_start)
{
    g_autofree char *path = path_of("a.db");
    struct rlimit limit, before;
    GError *error = NULL;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){.rlim_cur = 2000, .rlim_max = before.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_ptr_null(results_create(path, &meta, &error));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(diagnostic_exit_status(error), 3);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    g_error_free(error);
}
END_TEST

static char *query(Results *results, const char *sql, GError **ret_error)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    const struct results_parameter parameters[] = {{"a", "x\t\"y\"", 0.0}, {"b", NULL, 0.1}};
    gboolean done = results_query(results, sql, parameters, 2, stream, NULL, ret_error);

    fclose(stream);
    if (!done)
        g_clear_pointer(&text, free);
    return text;
}

START_TEST(test_query)
{
    g_autofree char *path = path_of("a.db");
    g_autoptr(Results) results = NULL;
    static const char *const refused[] = {"DELETE FROM point",       "SELECT 1; DELETE FROM point",
                                          "SELECT no_such",          "",
                                          "PRAGMA user_version = 3", "ATTACH 'x' AS y"};
    char *text;

    save(path, 1, 1);
    results = results_open(path, NULL);
    text = query(results, "SELECT 1 AS n, :b AS tenth, NULL AS no, :a AS text", NULL);
    ck_assert_str_eq(text, "n\ttenth\tno\ttext\n1\t0.1\tNaN\t\"x 'y'\"\n");
    free(text);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        GError *error = NULL;
        ck_assert_ptr_null(query(results, refused[i], &error));
        ck_assert_msg(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT), "%s: %s",
                      refused[i], error->message);
        g_error_free(error);
    }
    ck_assert_uint_eq(results_point_count(results), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("results");
    TCase *tests = tcase_create("file");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_detail);
    tcase_add_test(tests, test_same_bytes);
    tcase_add_test(tests, test_one_file);
    tcase_add_test(tests, test_foreign_files);
    tcase_add_test(tests, test_killed);
    tcase_add_test(tests, test_killed_anywhere);
    tcase_add_test(tests, test_disk_full);
    tcase_add_test(tests, test_disk_full_at_start);
    tcase_add_test(tests, test_query);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
