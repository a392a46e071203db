/* Point estimates over replications, on literals. */
#include <check.h>
#include <math.h>

#include <omosim/omosim.h>

START_TEST(student_half_widths)
{
    static const double values[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    omo_summary s = omo_summarise(values, 5, 0.95);

    ck_assert_double_eq(s.mean, 3.0);
    ck_assert_uint_eq(s.count, 5);
    ck_assert_double_eq_tol(s.standard_error, 0.7071067811865476, 1e-15);
    /* t(0.975; 4) = 2.7764451052 */
    ck_assert_double_eq_tol(s.half_width, 2.7764451052 * 0.7071067811865476, 1e-9);
    s = omo_summarise(values, 5, 0.99); /* t(0.995; 4) = 4.6040948713 */
    ck_assert_double_eq_tol(s.half_width, 4.6040948713 * 0.7071067811865476, 1e-9);
    s = omo_summarise(values, 2, 0.95); /* t(0.975; 1) = 12.7062047362 */
    ck_assert_double_eq_tol(s.half_width, 12.7062047362 * 0.5, 1e-8);
}
END_TEST

START_TEST(one_value_has_no_width)
{
    static const double value = 7.0;
    omo_summary s = omo_summarise(&value, 1, 0.95);

    ck_assert_double_eq(s.mean, 7.0);
    ck_assert_uint_eq(s.count, 1);
    ck_assert_double_nan(s.half_width);
    ck_assert_double_nan(s.standard_error);
}
END_TEST

START_TEST(no_cases_are_left_out)
{
    const double values[] = {NAN, 2.0, NAN, 4.0};
    omo_summary s = omo_summarise(values, 4, 0.95);

    ck_assert_uint_eq(s.count, 2);
    ck_assert_double_eq(s.mean, 3.0);
    ck_assert_double_eq(s.standard_error, 1.0);
    s = omo_summarise(values, 1, 0.95);
    ck_assert_uint_eq(s.count, 0);
    ck_assert_double_nan(s.mean);
    s = omo_summarise(NULL, 0, 0.95);
    ck_assert_uint_eq(s.count, 0);
    ck_assert_double_nan(s.half_width);
}
END_TEST

START_TEST(equal_values_have_no_error)
{
    static const double values[] = {0.1, 0.1, 0.1};
    omo_summary s = omo_summarise(values, 3, 0.95);

    ck_assert_double_eq_tol(s.mean, 0.1, 1e-15);
    ck_assert_double_le(s.half_width, 1e-15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("summary");
    TCase *tcase = tcase_create("summary");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, student_half_widths);
    tcase_add_test(tcase, one_value_has_no_width);
    tcase_add_test(tcase, no_cases_are_left_out);
    tcase_add_test(tcase, equal_values_have_no_error);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
