/* From a table of purchases to histories: what counts as a purchase, in any order of the rows. */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "cli/fit_members.h"
#include "experiment/customers.h"

static const omo_bgnbd cdnow = {.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};

static char *folder;

static void make_folder(void) { folder = g_dir_make_tmp("omosim-fit-XXXXXX", NULL); }

static void remove_folder(void)
{
    g_autofree char *path = g_build_filename(folder, "t.csv", NULL);

    g_unlink(path);
    g_rmdir(folder);
    g_free(folder);
}

static FitMembers *fit_text(const char *text, int32_t until_day, GError **ret_error)
{
    const struct fit_members_options options = {.unit_us = 7 * OMO_US_PER_DAY,
                                                .until_day = until_day};
    g_autofree char *path = g_build_filename(folder, "t.csv", NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
    return fit_members_read(path, &options, ret_error);
}

static FitMembers *fit_well(const char *text, int32_t until_day)
{
    g_autoptr(GError) error = NULL;
    FitMembers *fit = fit_text(text, until_day, &error);

    ck_assert_msg(fit != NULL, "%s", error != NULL ? error->message : "");
    return fit;
}

static void check_refused(const char *text, int32_t until_day, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FitMembers) fit = fit_text(text, until_day, &error);

    ck_assert_ptr_null(fit);
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT));
    ck_assert_msg(strstr(error->message, message) != NULL, "'%s' lacks '%s'", error->message,
                  message);
}

#define SAME "id,date,amount\n"

START_TEST(purchases_of_a_day_are_one)
{
    /* Ann: first on the 1st (two lines), then the 8th and the 15th. Bob once. Eve: 2nd and 9th. */
    static const char *const texts[] = {
        SAME "ann,2020-01-01,1\nann,2020-01-01,2\nbob,2020-01-03,5\neve,2020-01-02,4\n"
             "ann,2020-01-08,3\neve,2020-01-09,6\nann,2020-01-15,7\n",
        SAME "ann,20200115,7\neve,2020/01/09,6\nann,2020-01-01 23:59,2\nbob,2020-01-03,5\n"
             "ann,2020-01-08T07:00:00Z,3\nann,2020-01-01,1\neve,2020-01-02 10:00:00.5,4\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(FitMembers) fit = fit_well(texts[i], FIT_MEMBERS_NO_DAY);
        const struct fit_members_week *end =
            &g_array_index(fit->weeks, struct fit_members_week, fit->weeks->len - 1);

        ck_assert_uint_eq(fit->lines, 7);
        ck_assert_uint_eq(fit->customers, 3);
        ck_assert_uint_eq(fit->purchases, 6);
        ck_assert_uint_eq(fit->fit.repeat_count, 3);
        ck_assert_int_eq(fit->last_day - fit->first_day, 14);
        ck_assert_uint_eq(end->actual, 3);
        ck_assert_double_eq_tol(fit->mean_spend, 28.0 / 6, 1e-12);
        ck_assert_uint_eq(g_array_index(fit->frequency, struct fit_members_frequency, 0).actual, 1);
        ck_assert_uint_eq(g_array_index(fit->frequency, struct fit_members_frequency, 1).actual, 1);
        ck_assert_uint_eq(g_array_index(fit->frequency, struct fit_members_frequency, 2).actual, 1);
        ck_assert(fit->has_spend); /* means of 5 (twice) and 6 after the first day */
        ck_assert_uint_eq(fit->spend.customer_count, 2);
    }
}
END_TEST

START_TEST(what_comes_after_calibration_is_held_out)
{
    static const char text[] = "household_id,transaction_timestamp,sales_value\n"
                               "1,2020-01-01,1\n1,2020-01-05,1\n1,2020-01-20,1\n1,2020-01-21,1\n"
                               "2,2020-01-02,1\n2,2020-01-22,1\n3,2020-01-15,1\n3,2020-01-20,1\n";
    const int32_t day_10 = 18262 + 9; /* 2020-01-10 */
    g_autoptr(FitMembers) fit = fit_well(text, day_10);
    uint64_t held = 0;

    ck_assert_uint_eq(fit->customers, 2); /* the third came later */
    ck_assert_uint_eq(fit->purchases, 3);
    for (guint i = 0; i < fit->holdout->len; i++)
        held += g_array_index(fit->holdout, struct fit_members_holdout, i).actual;
    ck_assert_uint_eq(held, 3);
    ck_assert_uint_eq(g_array_index(fit->holdout, struct fit_members_holdout, 1).actual, 2);
}
END_TEST

/* A table with a row for each drawn customer gives the very fit of their histories. */
START_TEST(summaries_are_fitted_as_they_are)
{
    enum { COUNT = 500 };
    g_autoptr(GString) text = g_string_new("customer,x,t_x,T\n");
    omo_history h[COUNT];
    omo_bgnbd_fit direct;

    customers_fill(&cdnow, 27, 39, 3, 0, h, COUNT);
    ck_assert_int_eq(omo_bgnbd_estimate(h, COUNT, &direct, NULL), OMO_OK);
    for (int i = COUNT - 1; i >= 0; i--)
        g_string_append_printf(text, "%d,%u,%.17g,%.17g\n", i, h[i].repeats, h[i].last, h[i].age);
    g_autoptr(FitMembers) fit = fit_well(text->str, FIT_MEMBERS_NO_DAY);
    ck_assert_uint_eq(fit->customers, COUNT);
    ck_assert_double_eq_tol(fit->fit.log_likelihood, direct.log_likelihood, 1e-6);
    ck_assert_double_eq_tol(fit->fit.model.r, direct.model.r, 1e-6);
    ck_assert_double_eq_tol(fit->fit.model.b, direct.model.b, 1e-4);
    ck_assert_uint_eq(fit->weeks->len, 0);
}
END_TEST

START_TEST(frequencies_are_those_of_the_model)
{
    /* 20,000 customers of the model: chi-square does not reject it. */
    g_autoptr(GString) text = g_string_new("customer,frequency,recency,T\n");
    double actual = 0, expected = 0;

    for (uint64_t i = 0; i < 20000; i++) {
        const omo_history h = customers_draw(&cdnow, 27, 39, 11, 0, i, NULL, NULL);
        g_string_append_printf(text, "%d,%u,%.17g,%.17g\n", (int)i, h.repeats, h.last, h.age);
    }
    g_autoptr(FitMembers) fit = fit_well(text->str, FIT_MEMBERS_NO_DAY);
    ck_assert_uint_ge(fit->chi_square_degrees, 5);
    ck_assert_double_gt(fit->chi_square_p, 1e-6);
    for (guint i = 0; i < fit->frequency->len; i++) {
        const struct fit_members_frequency *row =
            &g_array_index(fit->frequency, struct fit_members_frequency, i);
        actual += (double)row->actual;
        expected += row->expected;
    }
    ck_assert_double_eq(actual, 20000);
    ck_assert_double_eq_tol(expected, 20000, 1e-6);
}
END_TEST

START_TEST(refunds_and_guests_are_left_out)
{
    g_autoptr(FitMembers) fit =
        fit_well(SAME "a,2020-01-01,5\na,2020-01-04,5\nb,2020-01-01,3\n,2020-01-02,9\n"
                      "b,2020-01-05,-3\nc,2020-01-02,-8\n",
                 FIT_MEMBERS_NO_DAY);

    ck_assert_uint_eq(fit->left_out, 3);
    ck_assert_uint_eq(fit->customers, 2);
    ck_assert_uint_eq(fit->purchases, 3);
}
END_TEST

START_TEST(bad_tables_are_refused)
{
    const int32_t none = FIT_MEMBERS_NO_DAY;

    check_refused("id,dat\n1,2020-01-01\n", none, "t.csv:1: no column for the date");
    check_refused("id,dat\n1,2020-01-01\n", none, "is it 'dat'?");
    check_refused("custmer,date\n1,2020-01-01\n", none, "is it 'custmer'?");
    check_refused("id,date\n1,2020-01-01\n1,2020-02-30\n", none, "t.csv:3:3: expected a date");
    check_refused("id,date,amount\n1,2020-01-01,x\n", none, "t.csv:2:14: bad amount");
    check_refused("id,date\n1,2020-01-01\n", none, "at least 2 customers");
    check_refused("id,date\n1,2020-01-01\n2,2020-01-01\n", none, "nobody bought a second time");
    check_refused("id,date\n", none, "there are no purchases");
    check_refused("x,recency,T\n1,-2,5\n", none, "t.csv:2:3: the last purchase is at -2");
    check_refused("x,recency,T\n1,6,5\n", none, "watched for 5 only");
    check_refused("x,recency,T\n0,3,5\n", none, "at 0 when there are none");
    check_refused("x,recency,T\n1.5,3,5\n", none, "t.csv:2:1: expected a whole number of repeats");
    check_refused("x,recency\n1,3\n", none, "no column for the age");
    check_refused("x,recency,T\n1,3,5\n", 18000, "--calibrate-until needs dates");
    check_refused("id,date\n1,2020-01-01\n1,2020-01-09\n", 18000, "not between");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fit_members");
    TCase *tcase = tcase_create("fit_members");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, purchases_of_a_day_are_one);
    tcase_add_test(tcase, what_comes_after_calibration_is_held_out);
    tcase_add_test(tcase, summaries_are_fitted_as_they_are);
    tcase_add_test(tcase, frequencies_are_those_of_the_model);
    tcase_add_test(tcase, refunds_and_guests_are_left_out);
    tcase_add_test(tcase, bad_tables_are_refused);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
