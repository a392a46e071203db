/* Metrics of a running load: counters never fall, whatever is open, being closed or closed. What the
 * text must look like is checked by outputs.py (test_summary.c).
 */
#include "replay/metrics.h"

#include <check.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define MS INT64_C(1000000)

/* Name with labels -> value, of all samples but gauges'. */
static GHashTable *read_counters(const char *text)
{
    GHashTable *counters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool gauge = false;

    for (char **line = lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, "# TYPE"))
            gauge = g_str_has_suffix(*line, " gauge");
        const char *value = strrchr(*line, ' ');
        if ((*line)[0] == '#' || (*line)[0] == '\0' || gauge)
            continue;
        double *number = g_new(double, 1);
        *number = g_ascii_strtod(value, NULL);
        g_hash_table_insert(counters, g_strndup(*line, (gsize)(value - *line)), number);
    }
    return counters;
}

static void assert_not_fallen(GHashTable *before, GHashTable *after)
{
    GHashTableIter iter;
    gpointer name, value;

    g_hash_table_iter_init(&iter, before);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const double *then = value, *now = g_hash_table_lookup(after, name);
        ck_assert_msg(now != NULL && *now >= *then, "%s", (const char *)name);
    }
}

static double counter(GHashTable *counters, const char *name)
{
    const double *value = g_hash_table_lookup(counters, name);

    ck_assert_msg(value != NULL, "%s", name);
    return *value;
}

START_TEST(test_counters_never_fall)
{
    bool used[STEP_COUNT] = {[STEP_browse] = true, [STEP_pay] = true};
    struct measure *worker = measure_new(&(
        struct measure_options){.step_used = used, .interval_ns = SECOND, .warm_up_ns = 2500 * MS});
    struct measure_all *all = measure_all_new(&worker, 1, 2 * SECOND);
    struct load_now now = {.connections = 4};
    GHashTable *before = read_counters("");

    for (int64_t i = 0; i < 20000; i++) {
        int64_t at_ns = i * MS;
        measure_record(worker, &(struct measure_sample){.step = i % 5 == 0 ? STEP_pay : STEP_browse,
                                                        .outcome = i % 50 == 0 ? OUTCOME_timeout
                                                                               : OUTCOME_ok,
                                                        .intended_ns = at_ns,
                                                        .sent_ns = at_ns + MS,
                                                        .done_ns = at_ns + MS + i % 7 * 100 * MS,
                                                        .status = 200});
        if (i % 90 == 0)
            measure_all_collect(all, at_ns);
        if (i % 70 != 0)
            continue;
        g_autofree char *text = metrics_text(all, &now);
        GHashTable *after = read_counters(text);
        assert_not_fallen(before, after);
        g_hash_table_unref(before);
        before = after;
    }
    /* Up to request 19,950; the interval in which the warm-up ends is in no histogram while it
     * runs. */
    ck_assert(
        counter(before, "omosim_requests_total{step=\"pay\",outcome=\"timeout\",error=\"yes\"}") ==
        (19950 - 2500) / 50 + 1);
    ck_assert(counter(before, "omosim_response_seconds_count{step=\"pay\"}") ==
              (19950 - 3000) / 5 + 1);
    ck_assert(counter(before, "omosim_responses_total{status=\"200\"}") == 19951 - 2500);
    g_hash_table_unref(before);
    measure_all_free(all);
    measure_free(worker);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("metrics");
    TCase *tests = tcase_create("metrics");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_counters_never_fall);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
