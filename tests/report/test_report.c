/* The page: complete, self-contained, the same each time, deaf to what a title may hold, and absent
 * when it can't be made.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/finding.h"
#include "report/format.h"
#include "report/pages.h"
#include "report/report.h"
#include "results/results.h"
#include "results/scratch.h"
#include "results/tiny_chain.h"
#include "shell/diagnostic.h"

#define EVIL "<script>alert('x')</script> & \"唐久\" it's `date` $(date)"

static void save_result(const char *path, uint32_t point_count, uint32_t replications)
{
    static const struct results_calibration calibration = {.figure = EVIL,
                                                           .source = EVIL,
                                                           .kpi = "orders",
                                                           .published = 500,
                                                           .scale = 0.5};
    const struct results_meta meta = {.command = "omosim compare " EVIL,
                                      .title = EVIL,
                                      .question = EVIL,
                                      .currency = "CNY",
                                      .seed = 7,
                                      .replications = replications,
                                      .point_count = point_count + 1,
                                      .horizon_us = 3 * OMO_US_PER_DAY,
                                      .calibration = &calibration,
                                      .calibration_count = 1};
    const struct results_point_note note = {.label = EVIL, .role = "calibrated"};
    omo_experiment_options options = omo_experiment_defaults();
    struct tiny_chain chain;
    Results *results = results_create(path, &meta, NULL);

    ck_assert_ptr_nonnull(results);
    options.replications = replications;
    tiny_chain_make(&chain, point_count, options);
    tiny_chain_run(&chain);
    for (uint32_t p = 0; p < point_count; p++)
        ck_assert(results_add_point(results, chain.experiment, p, p == 0 ? &note : NULL, NULL));
    ck_assert(results_close(results, NULL));
    tiny_chain_free(&chain);
}

/* Text of the page that is made of a result with so many points. */
static char *page_of(uint32_t point_count, uint32_t replications)
{
    g_autofree char *result = path_of("r.db"), *html = path_of("r.html");
    const struct report_options options = {.plots_directory = plots};
    GError *error = NULL;
    char *text = NULL;

    save_result(result, point_count, replications);
    ck_assert_msg(report_write(result, html, &options, &error), "%s",
                  error != NULL ? error->message : "");
    ck_assert(g_file_get_contents(html, &text, NULL, NULL));
    return text;
}

static uint32_t count_of(const char *text, const char *part)
{
    uint32_t count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
        count++;
    return count;
}

START_TEST(test_complete)
{
    static const char *const parts[] = {"<!DOCTYPE html>",
                                        "viewport",
                                        "In colour: difference to",
                                        "What is calibrated and what is prediction",
                                        "All measures",
                                        "To get this again",
                                        "cut short",
                                        "@media print",
                                        "</html>"};
    g_autofree char *page = page_of(3, 4);
    g_autofree char *index_path = g_build_filename(plots, "index.def", NULL);
    g_autofree char *index = NULL;
    uint32_t pictures = 0;

    ck_assert(g_file_get_contents(index_path, &index, NULL, NULL));
    for (const char *at = index; (at = strstr(at, "\nPLOT(")) != NULL; pictures++) {
        at += strlen("\nPLOT(");
        g_autofree char *name = g_strndup(at, strcspn(at, ")"));
        g_autofree char *figure = g_strdup_printf("<figure id=\"%s\">", name);
        if (g_str_has_prefix(name, "load_") || g_str_has_prefix(name, "audit_") ||
            g_str_has_prefix(name, "sweep_") || g_str_has_prefix(name, "factorial_") ||
            g_str_has_prefix(name, "fit_")) {
            pictures--; /* of load runs, sweeps, fits */
            ck_assert_msg(strstr(page, figure) == NULL, "picture %s", name);
            continue;
        }
        ck_assert_msg(strstr(page, figure) != NULL, "no picture %s", name);
    }
    ck_assert_uint_ge(pictures, 6);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        ck_assert_msg(strstr(page, parts[i]) != NULL, "no '%s'", parts[i]);
    ck_assert_uint_eq(count_of(page, "<svg "), 2 * pictures);
    ck_assert_uint_eq(count_of(page, "</svg>"), 2 * pictures);
    ck_assert_uint_eq(count_of(page, "<figcaption>"), pictures);
    ck_assert_uint_eq(count_of(page, "<table"), count_of(page, "</table>"));
    ck_assert_uint_eq(count_of(page, "<tr"), count_of(page, "</tr>"));
    ck_assert_uint_eq(count_of(page, "<div"), count_of(page, "</div>"));
    ck_assert_ptr_null(strstr(page, "nan"));
    ck_assert_ptr_null(strstr(page, "NaN"));
}
END_TEST

START_TEST(test_self_contained)
{
    static const char *const fetches[] = {"http:",   "https:",  "src=", "url(",  "@import", "<link",
                                          "<script", "<iframe", "<img", "<base", "xmlns"};
    g_autofree char *page = page_of(2, 2);

    for (size_t i = 0; i < G_N_ELEMENTS(fetches); i++)
        ck_assert_msg(strstr(page, fetches[i]) == NULL, "the page holds '%s'", fetches[i]);
    for (const char *at = page; (at = strstr(at, "href=")) != NULL; at++)
        ck_assert_msg(at[6] == '#', "a link leaves the page: %.40s", at);
}
END_TEST

START_TEST(test_escaped)
{
    g_autofree char *page = page_of(2, 2);

    ck_assert_ptr_null(strstr(page, "<script"));
    ck_assert_ptr_nonnull(strstr(page, "&lt;script&gt;alert"));
    ck_assert_ptr_nonnull(strstr(page, "唐久"));
}
END_TEST

START_TEST(test_same_bytes)
{
    g_autofree char *first = page_of(3, 3), *second = page_of(3, 3);

    ck_assert_str_eq(first, second);
}
END_TEST

/* One point, one replication: no differences, no intervals, still a page. */
START_TEST(test_alone)
{
    g_autofree char *page = page_of(1, 1);

    ck_assert_ptr_null(strstr(page, "<figure id=\"waterfall\">"));
    ck_assert_ptr_nonnull(strstr(page, "<figure id=\"map\">"));
}
END_TEST

START_TEST(test_many_points)
{
    g_autofree char *page = page_of(12, 2);

    ck_assert_ptr_nonnull(strstr(page, "All 12 points by profit"));
    ck_assert_ptr_nonnull(strstr(page, "best partly by luck"));
}
END_TEST

static void check_refused(const struct report_options *options, const char *text)
{
    g_autofree char *result = path_of("r.db"), *html = path_of("r.html");
    g_autofree char *kept = NULL;
    GError *error = NULL;

    save_result(result, 1, 1);
    ck_assert(g_file_set_contents(html, "old", -1, NULL));
    ck_assert(!report_write(result, html, options, &error));
    ck_assert_int_eq(diagnostic_exit_status(error), 3);
    ck_assert_msg(strstr(error->message, text) != NULL, "%s", error->message);
    ck_assert(g_file_get_contents(html, &kept, NULL, NULL));
    ck_assert_str_eq(kept, "old");
    g_error_free(error);
}

START_TEST(test_refused)
{
    g_autofree char *program = path_of("gnuplot");
    const struct report_options missing = {.plots_directory = plots, .gnuplot = "/no/such/gnuplot"};
    const struct report_options failing = {.plots_directory = plots, .gnuplot = program};
    const struct report_options slow = {.plots_directory = plots,
                                        .gnuplot = program,
                                        .timeout_s = 1};

    check_refused(&missing, "gnuplot-nox");
    ck_assert(g_file_set_contents(program, "#!/bin/sh\necho a reason >&2; exit 1\n", -1, NULL));
    ck_assert_int_eq(g_chmod(program, 0700), 0);
    check_refused(&failing, "a reason");
    ck_assert(g_file_set_contents(program, "#!/bin/sh\nexec sleep 100\n", -1, NULL));
    ck_assert_int_eq(g_chmod(program, 0700), 0);
    check_refused(&slow, "not drawn after 1 s");
}
END_TEST

START_TEST(test_no_result)
{
    g_autofree char *result = path_of("r.db"), *html = path_of("r.html");
    const struct report_options options = {.plots_directory = plots};
    g_autoptr(GError) gone = NULL, empty = NULL;
    const struct results_meta meta = {.title = "nothing yet"};

    ck_assert(!report_write(result, html, &options, &gone));
    ck_assert_int_eq(diagnostic_exit_status(gone), 2);
    ck_assert(results_close(results_create(result, &meta, NULL), NULL));
    ck_assert(!report_write(result, html, &options, &empty));
    ck_assert_ptr_nonnull(strstr(empty->message, "no finished design point"));
    ck_assert(!g_file_test(html, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_numbers)
{
    static const struct {
        const char *unit;
        double value, half_width;
        int style;
        const char *figure, *half;
    } cases[] = {
        {"CNY", 12413640, 160548, FORMAT_PLAIN, "12,410,000\u00a0CNY", "160,000"},
        {"CNY", 12413640, 160548, FORMAT_COMPACT, "12.41\u00a0M\u00a0CNY", "160\u00a0k"},
        {"CNY", -497123, 42888, FORMAT_SIGNED, "\u2212497,000\u00a0CNY", "43,000"},
        {"CNY", 337.4, 0.234, FORMAT_SIGNED, "+337.40\u00a0CNY", "0.23"},
        {"1", 0.92137, 0.0012, FORMAT_PLAIN, "92.14\u00a0%", "0.12"},
        {"1", 0.0414, 0.0012, FORMAT_SIGNED, "+4.14\u00a0pp", "0.12"},
        {"1", 3.14159, NAN, FORMAT_PLAIN, "3.142", "\u2013"},
        {"h", 0.5, 0.05, FORMAT_PLAIN, "30.0\u00a0min", "3.0"},
        {"h", 96, NAN, FORMAT_PLAIN, "4\u00a0d", "\u2013"},
        {"units", 0, 0, FORMAT_SIGNED, "0\u00a0units", "0"},
        {"units", 123456, NAN, FORMAT_PLAIN, "123,456\u00a0units", "\u2013"},
        {"units", NAN, NAN, FORMAT_PLAIN, "\u2013", "\u2013"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct format_unit unit = format_unit_for(cases[i].unit, cases[i].value);
        g_autofree char *figure =
            format_figure(cases[i].value, cases[i].half_width, &unit, cases[i].style);
        g_autofree char *half =
            format_half_width(cases[i].value, cases[i].half_width, &unit, cases[i].style);
        ck_assert_str_eq(figure, cases[i].figure);
        ck_assert_str_eq(half, cases[i].half);
    }
}
END_TEST

START_TEST(test_verdict)
{
    ck_assert_int_eq(finding_verdict((omo_summary){.mean = 5, .half_width = 4}, 1), 1);
    ck_assert_int_eq(finding_verdict((omo_summary){.mean = 5, .half_width = 4}, -1), -1);
    ck_assert_int_eq(finding_verdict((omo_summary){.mean = 5, .half_width = 6}, 1), 0);
    ck_assert_int_eq(finding_verdict((omo_summary){.mean = 5, .half_width = NAN}, 1), 0);
    ck_assert_int_eq(finding_verdict((omo_summary){.mean = 0, .half_width = 0}, 1), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("page");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, test_complete);
    tcase_add_test(tests, test_self_contained);
    tcase_add_test(tests, test_escaped);
    tcase_add_test(tests, test_same_bytes);
    tcase_add_test(tests, test_alone);
    tcase_add_test(tests, test_many_points);
    tcase_add_test(tests, test_refused);
    tcase_add_test(tests, test_no_result);
    tcase_add_test(tests, test_numbers);
    tcase_add_test(tests, test_verdict);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
