/* Own elementary functions against long double libm, in ulps, and quantiles against the literature.
 *
 * An ulp is the distance to the next double at the exact value. Long double on x86-64 has 11 more
 * bits, so its error does not show. Arguments come from a fixed key: a million for each function,
 * spread over its whole domain or the part that matters.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/draws.h"
#include "base/maths.h"

#define ARGUMENT_COUNT 1000000

typedef long double (*exact_function)(long double);
typedef double (*own_function)(double);

static double ulps(double value, long double exact)
{
    double near = (double)exact;
    double step;

    if (value == near || (isnan(value) && isnan(near)))
        return 0;
    step = nextafter(fabs(near), INFINITY) - fabs(near);
    return (double)(fabsl((long double)value - exact) / (long double)step);
}

static double worst_ulps(own_function own, exact_function exact, double low, double high,
                         uint64_t stream)
{
    struct draw_cursor c;
    double worst = 0;

    draw_begin(&c, draw_key_make(1, stream), DRAW_ARRIVAL, 0, 0);
    for (int i = 0; i < ARGUMENT_COUNT; i++) {
        double x = low + (high - low) * draw_unit53(&c);
        double error = ulps(own(x), exact((long double)x));

        worst = error > worst ? error : worst;
    }
    return worst;
}

/* A positive double with uniform logarithm between 2^low and 2^high. */
static double draw_scale(struct draw_cursor *c, int low, int high)
{
    return ldexp(1 + draw_unit53(c), low + (int)draw_below(c, (uint32_t)(high - low)));
}

START_TEST(test_exp)
{
    ck_assert_double_le(worst_ulps(maths_exp, expl, -708, 709, 1), 1.0);
    ck_assert_double_le(worst_ulps(maths_exp, expl, -1, 1, 2), 1.0);
    ck_assert_double_le(worst_ulps(maths_exp, expl, -745, -708, 3), 1.0);
    ck_assert_double_eq(maths_exp(0), 1);
    ck_assert_double_eq(maths_exp(-0.0), 1);
    ck_assert_double_eq(maths_exp(-INFINITY), 0);
    ck_assert_double_eq(maths_exp(-746), 0);
    ck_assert_double_infinite(maths_exp(INFINITY));
    ck_assert_double_infinite(maths_exp(709.79));
    ck_assert_double_finite(maths_exp(709.78));
    ck_assert_double_nan(maths_exp(NAN));
}
END_TEST

START_TEST(test_log)
{
    struct draw_cursor c;
    double worst = 0;

    ck_assert_double_le(worst_ulps(maths_log, logl, 0, 1, 4), 1.0);
    ck_assert_double_le(worst_ulps(maths_log, logl, 0.9, 1.1, 5), 1.0);
    draw_begin(&c, draw_key_make(1, 6), DRAW_ARRIVAL, 0, 0);
    for (int i = 0; i < ARGUMENT_COUNT; i++) {
        double x = draw_scale(&c, -1074, 1023);

        worst = fmax(worst, ulps(maths_log(x), logl((long double)x)));
    }
    ck_assert_double_le(worst, 1.0);
    ck_assert_double_eq(maths_log(1), 0);
    ck_assert_double_infinite(maths_log(0));
    ck_assert_double_nan(maths_log(-1));
    ck_assert_double_nan(maths_log(NAN));
    ck_assert_double_eq(maths_log(INFINITY), INFINITY);
}
END_TEST

START_TEST(test_pow)
{
    struct draw_cursor c;
    double worst = 0;

    draw_begin(&c, draw_key_make(1, 7), DRAW_ARRIVAL, 0, 0);
    for (int i = 0; i < ARGUMENT_COUNT; i++) {
        bool near_one = draw_share(&c, 300000);
        double x = near_one ? 0.5 + draw_unit53(&c) : draw_scale(&c, -1074, 1023);
        /* The exponent of the result is spread over the whole range of doubles. */
        double y = (draw_unit53(&c) * 2 - 1) * 707 / fabs(log(x));

        worst = fmax(worst, ulps(maths_pow(x, y), powl((long double)x, (long double)y)));
    }
    ck_assert_double_le(worst, 1.0);
    ck_assert_double_eq(maths_pow(2, 10), 1024);
    ck_assert_double_eq(maths_pow(10, 22), 1e22);
    ck_assert_double_eq(maths_pow(0, 2.5), 0);
    ck_assert_double_eq(maths_pow(3, 0), 1);
    ck_assert_double_eq(maths_pow(1, 1e300), 1);
    ck_assert_double_infinite(maths_pow(2, 1024));
    ck_assert_double_infinite(maths_pow(1.5, 1e300));
    ck_assert_double_eq(maths_pow(0.5, 1e300), 0);
    ck_assert_double_eq(maths_pow(2, -1074), 0x1p-1074);
    ck_assert_double_nan(maths_pow(-2, 0.5));
}
END_TEST

START_TEST(test_angles)
{
    ck_assert_double_le(worst_ulps(maths_sin, sinl, -7, 7, 8), 1.0);
    ck_assert_double_le(worst_ulps(maths_cos, cosl, -7, 7, 9), 1.0);
    ck_assert_double_le(worst_ulps(maths_sin, sinl, -0x1p20, 0x1p20, 10), 1.0);
    ck_assert_double_le(worst_ulps(maths_cos, cosl, -0x1p20, 0x1p20, 11), 1.0);
    ck_assert_double_le(worst_ulps(maths_asin, asinl, -1, 1, 12), 1.0);
    ck_assert_double_le(worst_ulps(maths_asin, asinl, -0.6, 0.6, 13), 1.0);
    ck_assert_double_eq(maths_sin(0), 0);
    ck_assert_double_eq(maths_cos(0), 1);
    ck_assert_double_eq(maths_asin(1), MATHS_PI / 2);
    ck_assert_double_eq(maths_asin(-1), -MATHS_PI / 2);
    ck_assert_double_nan(maths_asin(1.0000001));
}
END_TEST

/* The doubles next to multiples of pi/2 are where reduction loses most. The exact value comes from
 * the distance to the multiple, with pi/2 in parts of 33, 40 and 64 bits: the products of k and the
 * first two are exact in long double. */
START_TEST(test_angles_near_multiples)
{
    double worst = 0;

    for (int k = 1; k < 660000; k++) {
        double x = (double)k * (MATHS_PI / 2);
        long double rest = (long double)x - (long double)k * 0x1.921fb544p+0L;
        long double exact;

        rest -= (long double)k * 0x1.0b4611a626p-34L;
        rest -= (long double)k * 0x1.98a2e03707344a4p-77L;
        exact = fabsl(sinl(rest));
        worst = fmax(worst, ulps(fabs(k % 2 == 1 ? maths_cos(x) : maths_sin(x)), exact));
    }
    ck_assert_double_le(worst, 1.0);
}
END_TEST

START_TEST(test_sqrt_and_floor)
{
    struct draw_cursor c;

    draw_begin(&c, draw_key_make(1, 14), DRAW_ARRIVAL, 0, 0);
    for (int i = 0; i < 100000; i++) {
        double x = draw_scale(&c, -1000, 1000);
        double y = (draw_unit53(&c) - 0.5) * 1e6;

        ck_assert_double_eq(maths_sqrt(x), sqrt(x));
        ck_assert_double_eq(maths_floor(y), floor(y));
        ck_assert_double_eq(maths_floor(-x), floor(-x));
    }
    ck_assert_double_eq(maths_floor(-1), -1);
    ck_assert_double_eq(maths_floor(0x1p60), 0x1p60);
    ck_assert_double_nan(maths_floor(NAN));
    ck_assert_double_nan(maths_sqrt(-1));
    ck_assert_double_eq(maths_sqrt(INFINITY), INFINITY);
}
END_TEST

START_TEST(test_log_gamma)
{
    struct draw_cursor c;
    double factorial = 1;
    double worst = 0;

    draw_begin(&c, draw_key_make(1, 15), DRAW_ARRIVAL, 0, 0);
    for (int i = 0; i < 200000; i++) {
        double x = i % 2 == 0 ? draw_scale(&c, -60, 60) : 4 * draw_unit53(&c);
        long double exact = lgammal((long double)x);

        worst = fmax(worst, (double)fabsl(((long double)maths_log_gamma(x) - exact) / exact));
    }
    ck_assert_double_le(worst, 1e-12);
    ck_assert_double_eq(maths_log_gamma(1), 0);
    ck_assert_double_eq(maths_log_gamma(2), 0);
    for (int n = 2; n < 20; n++) {
        factorial *= n;
        ck_assert_double_eq_tol(maths_log_gamma(n + 1), log(factorial), 1e-12 * log(factorial));
    }
}
END_TEST

START_TEST(test_normal_quantile)
{
    ck_assert_double_eq_tol(maths_normal_quantile(0.975), 1.959963984540054, 1e-14);
    ck_assert_double_eq_tol(maths_normal_quantile(0.95), 1.6448536269514722, 1e-14);
    ck_assert_double_eq_tol(maths_normal_quantile(0.9999), 3.719016485455680, 1e-12);
    ck_assert_double_eq(maths_normal_quantile(0.5), 0);
    ck_assert_double_infinite(maths_normal_quantile(0));
    ck_assert_double_infinite(maths_normal_quantile(1));
    ck_assert_double_nan(maths_normal_quantile(1.5));
    for (double p = 1e-300; p < 0.5; p *= 1.37) {
        double z = maths_normal_quantile(p);

        /* d log p / dz is about -z in the tail. */
        ck_assert_double_le(fabs(erfc(-z / sqrt(2)) / 2 / p - 1), 1e-12 + 1e-15 * z * z);
    }
}
END_TEST

/* Integral of Student's density from 0 to t, by Simpson's rule after the substitution x = sqrt(n)
 * tan(theta). */
static double student_area(double t, double n)
{
    enum { STEP_COUNT = 20000 };
    long double end = atanl((long double)t / sqrtl((long double)n));
    long double h = end / STEP_COUNT;
    long double sum = 0;
    long double scale = expl(lgammal(((long double)n + 1) / 2) - lgammal((long double)n / 2)) /
                        sqrtl(3.14159265358979323846L);

    for (int i = 0; i <= STEP_COUNT; i++) {
        long double f = powl(cosl(h * (long double)i), (long double)n - 1);

        sum += f * (i == 0 || i == STEP_COUNT ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return (double)(2 * scale * sum * h / 3);
}

START_TEST(test_student_quantile)
{
    static const struct {
        uint32_t degrees;
        double t;
    } literature[] = {
        {1, 12.7062047364}, {2, 4.3026527297},  {4, 2.7764451052},
        {9, 2.2621571628},  {29, 2.0452296421}, {99, 1.9842169515},
    };
    static const double confidences[] = {0.5, 0.8, 0.95, 0.99, 0.9999};
    static const uint32_t degrees[] = {1, 2, 3, 4, 5, 10, 31, 100, 999, 1000, 1001, 1002, 5000};

    for (size_t i = 0; i < sizeof(literature) / sizeof(literature[0]); i++)
        ck_assert_double_eq_tol(maths_student_quantile(0.95, literature[i].degrees),
                                literature[i].t, 1e-10 * literature[i].t);
    for (size_t i = 0; i < sizeof(degrees) / sizeof(degrees[0]); i++)
        for (size_t j = 0; j < 5; j++) {
            double t = maths_student_quantile(confidences[j], degrees[i]);
            double n = degrees[i];
            double slope = 2 * exp(lgamma((n + 1) / 2) - lgamma(n / 2)) / sqrt(n * MATHS_PI) *
                           pow(1 + t * t / n, -(n + 1) / 2);

            /* The error in confidence over the slope is the error in t. */
            ck_assert_double_le(fabs(student_area(t, n) - confidences[j]) / slope / t, 1e-9);
        }
    /* Large degrees approach the normal. */
    ck_assert_double_eq_tol(maths_student_quantile(0.95, 4000000000u), 1.959963984540054, 1e-9);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("maths");
    TCase *t = tcase_create("maths");

    tcase_set_timeout(t, 120);
    tcase_add_test(t, test_exp);
    tcase_add_test(t, test_log);
    tcase_add_test(t, test_pow);
    tcase_add_test(t, test_angles);
    tcase_add_test(t, test_angles_near_multiples);
    tcase_add_test(t, test_sqrt_and_floor);
    tcase_add_test(t, test_log_gamma);
    tcase_add_test(t, test_normal_quantile);
    tcase_add_test(t, test_student_quantile);
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
