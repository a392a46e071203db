/* P(a, x) against closed forms: whole shapes are sums, a half is the error function. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "base/maths_gamma.h"

START_TEST(whole_shapes)
{
    for (int a = 1; a <= 40; a++)
        for (double x = 0.01; x < 100.0; x *= 1.7) {
            double term = exp(-x), sum = term;
            for (int k = 1; k < a; k++) {
                term *= x / k;
                sum += term;
            }
            ck_assert_double_eq_tol(maths_gamma_below(a, x), 1.0 - sum, 1e-12);
        }
}
END_TEST

START_TEST(a_half_is_the_error_function)
{
    for (double x = 1e-8; x < 40.0; x *= 1.9)
        ck_assert_double_eq_tol(maths_gamma_below(0.5, x), erf(sqrt(x)), 1e-12);
}
END_TEST

/* P(a + 1, x) = P(a, x) - x^a exp(-x) / gamma(a + 1), for shapes that are no nice numbers. */
START_TEST(one_shape_leads_to_the_next)
{
    for (double a = 0.01; a < 300.0; a *= 2.3)
        for (double x = a / 30.0; x < 4.0 * a + 20.0; x *= 1.6) {
            double step = exp(a * log(x) - x - lgamma(a + 1.0));
            ck_assert_double_eq_tol(maths_gamma_below(a + 1.0, x), maths_gamma_below(a, x) - step,
                                    1e-11);
        }
}
END_TEST

START_TEST(ends)
{
    ck_assert_double_eq(maths_gamma_below(0.243, 0.0), 0.0);
    ck_assert_double_eq_tol(maths_gamma_below(0.243, 200.0), 1.0, 1e-15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maths_gamma");
    TCase *tcase = tcase_create("maths_gamma");

    tcase_add_test(tcase, whole_shapes);
    tcase_add_test(tcase, a_half_is_the_error_function);
    tcase_add_test(tcase, one_shape_leads_to_the_next);
    tcase_add_test(tcase, ends);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
