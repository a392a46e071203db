/* The result database of the literal run: every table, read back by SQL.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "replay/literal.h"
#include "results/load_results.h"

static struct literal *l;
static char *folder, *path;

static void setup(void)
{
    folder = g_dir_make_tmp("omosim-save-XXXXXX", NULL);
    ck_assert_ptr_nonnull(folder);
    path = g_build_filename(folder, "load.db", NULL);
    l = literal_new();
}

static void teardown(void)
{
    literal_free(l);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

static void check_ask(Results *results, const char *sql, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *found = results_query_text(results, sql, NULL, 0, &error);

    ck_assert_msg(found != NULL, "%s: %s", sql, error != NULL ? error->message : "");
    ck_assert_msg(strcmp(found, expected) == 0, "%s: %s instead of %s", sql, found, expected);
}

static Results *saved(void)
{
    g_autoptr(GError) error = NULL;
    Results *results;

    ck_assert_msg(summary_write_database(&l->report, path, &error), "%s",
                  error != NULL ? error->message : "");
    ck_assert(load_results_is(path));
    results = load_results_open((const char *const[]){path}, 1, &error);
    ck_assert_msg(results != NULL, "%s", error != NULL ? error->message : "");
    return results;
}

START_TEST(test_facts)
{
    g_autoptr(Results) results = saved();

    check_ask(results, "SELECT value FROM load WHERE key = 'title'",
              "day.plan at 600 times its speed");
    check_ask(results, "SELECT value FROM load WHERE key = 'verdict'", "failed");
    check_ask(results, "SELECT value FROM load WHERE key = 'target'", "http://127.0.0.1:8080");
    check_ask(results, "SELECT value FROM load WHERE key = 'held_rate'", "99.8");
    check_ask(results, "SELECT typeof(value) || value FROM load WHERE key = 'warm_up_requests'",
              "integer100");
    check_ask(results, "SELECT count(*) FROM load WHERE key = 'stop_reason'", "0");
    check_ask(results, "SELECT value FROM load_count WHERE name = 'journeys_completed'", "194");
    check_ask(results, "SELECT count(*) FROM load_count", "19");
}
END_TEST

/* Nineteen seconds of 100 requests; browse answered after 2 ms, sent 100 us late. */
START_TEST(test_rows)
{
    g_autoptr(Results) results = saved();

    check_ask(results,
              "SELECT group_concat(step || ':' || requests) FROM (SELECT * FROM load_row"
              " ORDER BY step)",
              ":1900,browse:1330,check_out:380,pay:190");
    check_ask(results,
              "SELECT round(response_p50_ms, 2) || ' ' || round(service_p99_ms, 2) || ' '"
              " || round(lateness_max_ms, 3) FROM load_row WHERE step = 'browse'",
              "2.1 2.0 0.1");
    check_ask(results, "SELECT round(response_max_ms) FROM load_row WHERE step = ''", "1000.0");
    check_ask(results,
              "SELECT group_concat(outcome || ':' || class || ':' || count, ' ') FROM"
              " (SELECT * FROM load_outcome WHERE step = '' ORDER BY outcome)",
              "bad_status:acknowledged:1 ok:acknowledged:1895 refused:acknowledged:1"
              " shed:failed:1 timeout:indeterminate:2");
    check_ask(results, "SELECT sum(count) FROM load_bucket WHERE step = '' AND clock = 'response'",
              "1900");
    check_ask(results, "SELECT sum(count) FROM load_bucket WHERE step = '' AND clock = 'service'",
              "1899"); /* one was shed */
    check_ask(results,
              "SELECT sum(count) || ' ' || (max(high_ns) BETWEEN 300000 AND 300300)"
              " FROM load_bucket WHERE clock = 'own_lateness'",
              "2000 1");
    check_ask(results, "SELECT count(*) FROM load_bucket WHERE low_ns > high_ns OR count < 1", "0");
}
END_TEST

START_TEST(test_series)
{
    g_autoptr(Results) results = saved();

    check_ask(results,
              "SELECT count(*) || ' ' || sum(requests) || ' ' || sum(warm_up) || ' '"
              " || sum(errors) FROM load_series",
              "20 2000 1 4");
    check_ask(results, "SELECT errors FROM load_series WHERE begin_s = 15", "3");
    check_ask(results, "SELECT max_ms BETWEEN 500 AND 505 FROM load_series WHERE begin_s = 10",
              "1");
    check_ask(results, "SELECT sum(count) FROM load_heat", "2000");
    check_ask(results, "SELECT sum(count) FROM load_heat WHERE begin_s = 10 AND low_ms > 400",
              "20");
    check_ask(results, "SELECT count(*) FROM load_heat WHERE low_ms >= high_ms", "0");
    check_ask(results,
              "SELECT group_concat(stage || ':' || begin_s || '-' || end_s) FROM load_stage",
              "1:0.0-10.0,2:10.0-20.0");
}
END_TEST

START_TEST(test_thresholds)
{
    g_autoptr(Results) results = saved();

    check_ask(results, "SELECT group_concat(text || ':' || held, ' ') FROM threshold",
              "p99<750ms:1 pay errors<1%:0 check_out p50<250ms over 2s:1");
    check_ask(results, "SELECT at_s IS NULL FROM threshold WHERE threshold.threshold = 0", "1");
    check_ask(results, "SELECT at_s IN (9, 10) FROM threshold WHERE threshold.threshold = 2", "1");
    check_ask(results,
              "SELECT round(value, 2) || unit FROM threshold WHERE threshold.threshold = 1",
              "1.58%");
}
END_TEST

START_TEST(test_capacity)
{
    const struct capacity_probe probes[] = {
        {.rate = 100, .held = true, .held_rate = 99.5, .p50_ms = 2, .p99_ms = 7},
        {.rate = 200, .repeat = 1, .held = false, .too_slow = true, .p99_ms = (double)NAN},
    };
    struct capacity_result capacity = {.end = CAPACITY_GENERATOR,
                                       .rate = 100,
                                       .half_width = (double)NAN,
                                       .knee = (double)NAN,
                                       .probes = g_array_new(FALSE, FALSE, sizeof probes[0])};
    struct load_report report = {.title = "a search", .mode = "open loop, rate"};
    g_autoptr(Results) results = NULL;

    g_array_append_vals(capacity.probes, probes, 2);
    ck_assert(summary_write_capacity(&report, &capacity, path, NULL));
    results = load_results_open((const char *const[]){path}, 1, NULL);
    check_ask(results,
              "SELECT group_concat(rate || ':' || held || ':' || too_slow || ':'"
              " || coalesce(p99_ms, '?'), ' ') FROM capacity",
              "100.0:1:0:7.0 200.0:0:1:?");
    check_ask(results, "SELECT value FROM load WHERE key = 'capacity_end'", "too_slow");
    check_ask(results, "SELECT value IS NULL FROM load WHERE key = 'capacity_knee'", "1");
    check_ask(results, "SELECT count(*) FROM load_row", "0");
    g_array_unref(capacity.probes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("save");
    TCase *tests = tcase_create("database");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_facts);
    tcase_add_test(tests, test_rows);
    tcase_add_test(tests, test_series);
    tcase_add_test(tests, test_thresholds);
    tcase_add_test(tests, test_capacity);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
