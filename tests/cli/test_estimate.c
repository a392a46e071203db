/* Numbers show the digits that their half-width justifies, and read alike on every machine. */
#include "cli/estimate.h"
#include "cli/oracle.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void expect_text(double mean, double half_width, bool sign, const char *wanted)
{
    const omo_summary summary = {.mean = mean, .half_width = half_width};
    g_autofree char *text = estimate_format(summary, sign);

    ck_assert_str_eq(text, wanted);
}

START_TEST(test_format)
{
    expect_text(1234567.89, 123.4, false, "1,234,568 ± 123");
    expect_text(1234.5678, 0.9876, false, "1,234.57 ± 0.99");
    expect_text(0.973128, 0.00041, false, "0.97313 ± 0.00041");
    expect_text(-12.5, 3, true, "-12.5 ± 3.0");
    expect_text(12.5, 3, true, "+12.5 ± 3.0");
    expect_text(-0.001, 3, true, "0.0 ± 3.0");
    expect_text(0, 0, true, "0 ± 0");
    expect_text(42, 0, false, "42 ± 0");
    expect_text(42.25, NAN, false, "42.250");
    expect_text(NAN, NAN, false, "–");
    expect_text(1e18, 1e17, false, "1e+18 ± 1e+17");
}
END_TEST

START_TEST(test_number)
{
    static const struct {
        double number;
        const char *text;
    } cases[] = {{0, "0"},
                 {780, "780"},
                 {39.08, "39.08"},
                 {0.2, "0.2"},
                 {123456.7, "123,456.7"},
                 {-1000, "-1,000"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = estimate_format_number(cases[i].number);
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

START_TEST(test_excludes_zero)
{
    ck_assert(estimate_excludes_zero((omo_summary){.mean = -2, .half_width = 1}));
    ck_assert(!estimate_excludes_zero((omo_summary){.mean = 1, .half_width = 1}));
    ck_assert(!estimate_excludes_zero((omo_summary){.mean = 0, .half_width = 0}));
    ck_assert(!estimate_excludes_zero((omo_summary){.mean = 5, .half_width = NAN}));
    ck_assert(!estimate_excludes_zero((omo_summary){.mean = NAN, .half_width = NAN}));
}
END_TEST

START_TEST(test_json)
{
    const omo_summary summary = {.mean = 1.5, .half_width = NAN};
    json_t *json = estimate_json(summary, "h");
    char *text = json_dumps(json, JSON_COMPACT);

    ck_assert_str_eq(text, "{\"mean\":1.5,\"half_width\":null,\"unit\":\"h\"}");
    free(text);
    json_decref(json);
}
END_TEST

/* ---- the judgement of oracles ---------------------------------------------------------------- */

static enum oracle_verdict judge(enum oracle_tolerance tolerance, double size, double expected,
                                 double got, double standard_error)
{
    struct oracle_row row = {.tolerance = tolerance, .tolerance_size = size, .expected = expected};

    oracle_judge(&row, got, standard_error);
    return row.verdict;
}

START_TEST(test_judge)
{
    /* 1 % of 4: the standard error may be 0.0133, the estimate four of them away. */
    ck_assert_int_eq(judge(ORACLE_RELATIVE, 0.01, 4, 4.03, 0.01), ORACLE_PASSED);
    ck_assert_int_eq(judge(ORACLE_RELATIVE, 0.01, 4, 4.05, 0.01), ORACLE_OFF);
    ck_assert_int_eq(judge(ORACLE_RELATIVE, 0.01, 4, 4.03, 0.02), ORACLE_UNSURE);
    ck_assert_int_eq(judge(ORACLE_RELATIVE, 0.01, 4, NAN, NAN), ORACLE_OFF);
    ck_assert_int_eq(judge(ORACLE_SIGMAS, 0, 2, 2.001, 0.006), ORACLE_PASSED);
    ck_assert_int_eq(judge(ORACLE_SIGMAS, 0, 2, 2.001, 0.0061), ORACLE_UNSURE);
    ck_assert_int_eq(judge(ORACLE_SIGMAS, 0, 0, 0, 0), ORACLE_PASSED);
    ck_assert_int_eq(judge(ORACLE_SIGMAS, 0, 0, 0.1, 0), ORACLE_OFF);
    ck_assert_int_eq(judge(ORACLE_SIGMAS, 0, 1, 1, 0), ORACLE_PASSED);
    ck_assert_int_eq(judge(ORACLE_EXACT, 1e-6, 100, 100.00009, 0), ORACLE_PASSED);
    ck_assert_int_eq(judge(ORACLE_EXACT, 1e-6, 100, 100.0002, 0), ORACLE_OFF);
    ck_assert_int_eq(judge(ORACLE_WITHIN, 1e-5, 1, 1.000009, 0), ORACLE_PASSED);
    ck_assert_int_eq(judge(ORACLE_WITHIN, 1e-5, 1, 1.00002, 0), ORACLE_OFF);
    ck_assert_int_eq(judge(ORACLE_WITHIN, 1e-5, 1, NAN, 0), ORACLE_OFF);
}
END_TEST

START_TEST(test_judge_text)
{
    char expected[] = "5125-147992|18248-188765";
    struct oracle_row row = {.expected_text = expected, .expected = NAN};

    oracle_judge_text(&row, "18248-188765");
    ck_assert_int_eq(row.verdict, ORACLE_PASSED);
    oracle_judge_text(&row, "18248");
    ck_assert_int_eq(row.verdict, ORACLE_OFF);
    g_free(row.got_text);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("estimate");
    TCase *t = tcase_create("estimate");

    tcase_add_test(t, test_format);
    tcase_add_test(t, test_number);
    tcase_add_test(t, test_excludes_zero);
    tcase_add_test(t, test_json);
    tcase_add_test(t, test_judge);
    tcase_add_test(t, test_judge_text);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
