/* The page about a load run: recognised by itself, the verdict first, figures that are those of the
 * run, no fetch, the same bytes each time; several runs beside each other; capacity searches.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/load_sample.h"
#include "report/pages.h"
#include "report/report.h"
#include "results/load_results.h"
#include "results/scratch.h"
#include "shell/diagnostic.h"

/* The page about some results. */
static char *page_of(const char *const *paths, uint32_t count)
{
    g_autofree char *html = path_of("page.html");
    const struct report_options options = {.plots_directory = plots};
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    gboolean written = count == 1 ? report_write(paths[0], html, &options, &error)
                                  : report_write_load(paths, count, html, &options, &error);

    ck_assert_msg(written, "%s", error != NULL ? error->message : "");
    ck_assert(g_file_get_contents(html, &text, NULL, NULL));
    return text;
}

static void check_has(const char *page, const char *text)
{
    ck_assert_msg(strstr(page, text) != NULL, "the page lacks: %s", text);
}

static void check_lacks(const char *page, const char *text)
{
    ck_assert_msg(strstr(page, text) == NULL, "the page has: %s", text);
}

START_TEST(test_open_loop)
{
    g_autofree char *path = path_of("open.db"), *page = NULL;
    const struct load_sample sample = {.two_stages = TRUE};

    load_sample_write(path, &sample);
    page = page_of((const char *const[]){path}, 1);
    check_has(page, "<p>Failed: 1 of 2 thresholds broken, p99&lt;250ms was 1.82\u00a0s.");
    check_has(page, "20,000 requests in 20.0\u00a0s, 1,000 a second answered of 1,000 asked");
    check_has(page, "\u2717 broken");
    check_has(page, "\u2713 holds");
    check_has(page, "worst from second 8");
    check_has(page, "The generator itself sent late by");
    check_has(page, ">add to cart<");
    check_has(page,
              "Requests answered later than 100\u00a0ms: 2,064 of 20,000, all due between second "
              "7 and 11.");
    check_has(page, "99 % within 1.82\u00a0s");
    check_has(page, "all due between second 8 and 9");
    check_has(page, "1,000 journeys/s");
    check_has(page, "id=\"load_percentiles\"");
    check_has(page, "id=\"load_heat\"");
    check_has(page, "id=\"load_rate\"");
    check_lacks(page, "id=\"load_runs\"");
    check_lacks(page, "id=\"load_capacity\"");
    check_lacks(page, "id=\"kpi_bars\"");
    check_lacks(page, "nan");
    check_lacks(page, "<script");
    check_lacks(page, " src=");
    check_lacks(page, "url(http");
}
END_TEST

START_TEST(test_same_bytes)
{
    g_autofree char *path = path_of("open.db"), *one = NULL, *two = NULL;
    const struct load_sample sample = {.two_stages = FALSE};

    load_sample_write(path, &sample);
    one = page_of((const char *const[]){path}, 1);
    two = page_of((const char *const[]){path}, 1);
    ck_assert_str_eq(one, two);
}
END_TEST

START_TEST(test_too_slow)
{
    g_autofree char *path = path_of("slow.db"), *page = NULL;
    const struct load_sample sample = {.too_slow = TRUE};

    load_sample_write(path, &sample);
    page = page_of((const char *const[]){path}, 1);
    check_has(page, "The generator was too slow, these figures prove nothing about the service");
    check_has(page, "25 % of the response p99");
    check_lacks(page, "<p>Failed: ");
}
END_TEST

START_TEST(test_run_beside_run)
{
    g_autofree char *open = path_of("open.db"), *closed = path_of("closed.db"), *page = NULL;
    const struct load_sample closed_sample = {.closed = TRUE}, open_sample = {.closed = FALSE};

    load_sample_write(open, &open_sample);
    load_sample_write(closed, &closed_sample);
    page = page_of((const char *const[]){open, closed}, 2);
    check_has(page, "id=\"load_runs\"");
    check_has(page,
              "1.82\u00a0s by “open loop, rate”, within 16.7\u00a0ms by “closed loop (4 users)");
    check_has(page, "A closed loop sends nothing while it waits");
    check_has(page, "14,607");
    g_free(page);
    /* Two runs of the same mode are told apart by their titles. */
    page = page_of((const char *const[]){open, open}, 2);
    check_has(page, "open loop, rate: shop.plan at 1,000 journeys a second");
}
END_TEST

START_TEST(test_capacity)
{
    g_autofree char *path = path_of("capacity.db"), *page = NULL;

    load_sample_write_capacity(path);
    page = page_of((const char *const[]){path}, 1);
    check_has(
        page,
        "The service bears 1,750 journeys a second (95 % interval \u00b162) with p99&lt;50ms.");
    check_has(page, "The p99 turns upwards at about 1,600.");
    check_has(page, "id=\"load_capacity\"");
    check_has(page, ">knee ");
    check_has(page, "generator too slow");
    check_lacks(page, "id=\"load_heat\"");
}
END_TEST

/* A search of which no probe says anything about the service. */
START_TEST(test_capacity_unknown)
{
    g_autofree char *path = path_of("capacity.db"), *page = NULL;
    LoadResults *results = load_results_create(path, NULL);
    const struct load_value end[] = {{.kind = LOAD_VALUE_TEXT, .text = "capacity_end"},
                                     {.kind = LOAD_VALUE_TEXT, .text = "too_slow"}};
    const struct load_value rate[] = {{.kind = LOAD_VALUE_TEXT, .text = "capacity_rate"},
                                      {.kind = LOAD_VALUE_NUMBER, .number = 0}};
    struct load_value probe[10] = {{.kind = LOAD_VALUE_WHOLE}, {.kind = LOAD_VALUE_WHOLE}};

    probe[2] = (struct load_value){.kind = LOAD_VALUE_NUMBER, .number = 100};
    probe[3] = (struct load_value){.kind = LOAD_VALUE_WHOLE, .whole = 0};
    probe[4] = (struct load_value){.kind = LOAD_VALUE_WHOLE, .whole = 1};
    probe[6] = probe[7] = (struct load_value){.kind = LOAD_VALUE_NUMBER, .number = 12.5};
    load_results_add(results, "load", end, 2);
    load_results_add(results, "load", rate, 2);
    load_results_add(results, "capacity", probe, 10);
    ck_assert(load_results_close(results, NULL));
    page = page_of((const char *const[]){path}, 1);
    check_has(page, "The generator was too slow to find the limit");
    check_has(page, "at grey ones the generator was too slow to tell");
    check_has(page, ">generator too slow<");
}
END_TEST

/* A run that was stopped before its first answer. */
START_TEST(test_nothing_measured)
{
    g_autofree char *path = path_of("empty.db"), *page = NULL;
    LoadResults *results = load_results_create(path, NULL);
    const struct load_value title[] = {{.kind = LOAD_VALUE_TEXT, .text = "title"},
                                       {.kind = LOAD_VALUE_TEXT, .text = "<b>& nothing"}};
    const struct load_value verdict[] = {{.kind = LOAD_VALUE_TEXT, .text = "verdict"},
                                         {.kind = LOAD_VALUE_TEXT, .text = "interrupted"}};
    struct load_value row[20] = {{.kind = LOAD_VALUE_TEXT, .text = ""}, {.kind = LOAD_VALUE_WHOLE}};

    load_results_add(results, "load", title, 2);
    load_results_add(results, "load", verdict, 2);
    load_results_add(results, "load_row", row, 20);
    ck_assert(load_results_close(results, NULL));
    page = page_of((const char *const[]){path}, 1);
    check_has(page, "Interrupted: what was measured until then is shown.");
    check_has(page, "&lt;b&gt;&amp; nothing");
    check_lacks(page, "<figure");
}
END_TEST

START_TEST(test_refused)
{
    g_autofree char *path = path_of("open.db"), *letter = path_of("letter.db");
    g_autofree char *html = path_of("page.html");
    g_autoptr(GError) error = NULL, gone = NULL;
    const struct load_sample sample = {.closed = TRUE};

    load_sample_write(path, &sample);
    ck_assert(g_file_set_contents(letter, "a letter", -1, NULL));
    ck_assert(!report_write_load((const char *const[]){path, letter}, 2, html, NULL, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 2);
    ck_assert_ptr_nonnull(strstr(error->message, "letter.db: not the result of a load run"));
    g_unlink(letter);
    ck_assert(!report_write_load((const char *const[]){path, letter}, 2, html, NULL, &gone));
    ck_assert_ptr_nonnull(strstr(gone->message, "no such file"));
    ck_assert(!g_file_test(html, G_FILE_TEST_EXISTS));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("load page");
    TCase *tests = tcase_create("page");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, test_open_loop);
    tcase_add_test(tests, test_same_bytes);
    tcase_add_test(tests, test_too_slow);
    tcase_add_test(tests, test_run_beside_run);
    tcase_add_test(tests, test_capacity);
    tcase_add_test(tests, test_capacity_unknown);
    tcase_add_test(tests, test_nothing_measured);
    tcase_add_test(tests, test_refused);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
