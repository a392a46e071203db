/* Special functions against closed forms, tables and long double libm. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "base/maths.h"

#define EULER 0.57721566490153286060651209008240243

static void check_near(double got, double expected, double tolerance)
{
    ck_assert_double_eq_tol(got, expected, tolerance * (1 + fabs(expected)));
}

START_TEST(test_digamma)
{
    /* Abramowitz and Stegun 6.3.2, 6.3.3, 6.3.8; and harmonic numbers. */
    double harmonic = 0;

    check_near(maths_digamma(1), -EULER, 1e-13);
    check_near(maths_digamma(0.5), -EULER - 2 * log(2), 1e-13);
    for (int n = 1; n <= 1000; n++) {
        check_near(maths_digamma(n), harmonic - EULER, 1e-13);
        harmonic += 1.0 / n;
    }
    for (double x = 1e-3; x < 1e6; x *= 1.37) {
        check_near(maths_digamma(2 * x), maths_digamma(x) / 2 + maths_digamma(x + 0.5) / 2 + log(2),
                   1e-13);
        check_near(maths_digamma(x), maths_digamma(x + 1) - 1 / x, 1e-13);
    }
}
END_TEST

START_TEST(test_trigamma)
{
    const double pi2 = MATHS_PI * MATHS_PI;

    check_near(maths_trigamma(1), pi2 / 6, 1e-13);
    check_near(maths_trigamma(0.5), pi2 / 2, 1e-13);
    check_near(maths_trigamma(2), pi2 / 6 - 1, 1e-13);
    for (double x = 1e-3; x < 1e6; x *= 1.37)
        check_near(maths_trigamma(2 * x), (maths_trigamma(x) + maths_trigamma(x + 0.5)) / 4, 1e-13);
}
END_TEST

START_TEST(test_gamma_upper)
{
    /* Shape 1 is exponential; 1/2 the error function; n + 1 a Poisson sum. Chi-square at 5 %:
     * 3.841 with 1 degree of freedom, 18.307 with 10, 124.342 with 100. */
    for (double x = 0; x < 30; x += 0.37) {
        double term = exp(-x), sum = 0;

        check_near(maths_gamma_upper(1, x), exp(-x), 1e-12);
        check_near(maths_gamma_upper(0.5, x), erfc(sqrt(x)), 1e-11);
        for (int n = 0; n <= 12; n++) {
            sum += term;
            term *= x / (n + 1);
            check_near(maths_gamma_upper(n + 1, x), sum, 1e-11);
        }
    }
    ck_assert_double_eq_tol(maths_gamma_upper(0.5, 3.841458820694124 / 2), 0.05, 1e-10);
    ck_assert_double_eq_tol(maths_gamma_upper(5, 18.307038053275146 / 2), 0.05, 1e-10);
    ck_assert_double_eq_tol(maths_gamma_upper(50, 124.34211340400407 / 2), 0.05, 1e-10);
}
END_TEST

START_TEST(test_hypergeometric)
{
    /* Abramowitz and Stegun 15.1.3, 15.1.4 (with z^2), 15.1.8; and Euler's transformation 15.3.3,
     * with other parameters on either side. */
    for (double z = 0; z < 0.9995; z += 0.00731) {
        const double power = pow(1 - z, -2.3);

        check_near(maths_hypergeometric(1, 1, 2, z), z > 0 ? -log1p(-z) / z : 1, 1e-13);
        check_near(maths_hypergeometric(0.5, 1, 1.5, z * z), z > 0 ? atanh(z) / z : 1, 1e-13);
        check_near(maths_hypergeometric(2.3, 0.7, 0.7, z) / power, 1, 1e-12);
        check_near(maths_hypergeometric(0.4, 1.1, 3.1, z) / pow(1 - z, 3.1 - 1.5),
                   maths_hypergeometric(2.7, 2, 3.1, z), 1e-11);
    }
    ck_assert_double_eq(maths_hypergeometric(3, 4, 5, 0), 1);
    /* 2F1(1, b; b + 1; z) = b sum of z^n / (b + n), here 1 / (b + n) = integral of t^(b + n - 1). */
    check_near(maths_hypergeometric(1, 2, 3, 0.9), 2 * (-log1p(-0.9) - 0.9) / 0.81, 1e-13);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maths_special");
    TCase *tcase = tcase_create("maths_special");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, test_digamma);
    tcase_add_test(tcase, test_trigamma);
    tcase_add_test(tcase, test_gamma_upper);
    tcase_add_test(tcase, test_hypergeometric);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
