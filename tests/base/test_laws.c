/* Every law: mean and variance, shape, tails.
 *
 * Moments: 20 replications of 50,000 draws, |z| below 4. Shapes: 200,000 draws, Kolmogorov and
 * Smirnov's distance for continuous laws, chi-square for whole numbers (statistics.h says at
 * which rate of false alarms), against the distributions of law_cases.c. Keys are fixed, so the
 * outcome is too.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/law_cases.h"
#include "base/fit.h"

#include "base/laws.h"

#define REPLICATION_COUNT 20
#define DRAW_COUNT 50000
#define SHAPE_COUNT 200000

START_TEST(test_moments)
{
    const struct law_case *k = &law_cases[_i];
    double mean[REPLICATION_COUNT], variance[REPLICATION_COUNT], lowest = INFINITY, z;

    ck_assert_int_eq(omo_law_check(&k->law, NULL), OMO_OK);
    ck_assert_double_le(fabs(omo_law_mean(&k->law) - k->mean), 1e-12 * k->mean);
    ck_assert_double_le(fabs(omo_law_variance(&k->law) - k->variance), 1e-11 * k->variance);
    for (uint64_t r = 0; r < REPLICATION_COUNT; r++) {
        struct draw_cursor c;
        double sum = 0, squares = 0;

        draw_begin(&c, draw_key_make(20, r), DRAW_SERVICE, (uint64_t)_i, 0);
        for (int i = 0; i < DRAW_COUNT; i++) {
            double x = law_draw(&k->law, &c);

            lowest = fmin(lowest, x);
            sum += x;
            squares += (x - k->mean) * (x - k->mean);
        }
        mean[r] = sum / DRAW_COUNT;
        variance[r] = squares / DRAW_COUNT;
    }
    ck_assert_double_ge(lowest, 0);
    z = fit_z(mean, REPLICATION_COUNT, k->mean);
    ck_assert_msg(fabs(z) < 4, "case %d, %s: mean z = %g", _i, omo_law_name(k->law.kind), z);
    z = fit_z(variance, REPLICATION_COUNT, k->variance);
    ck_assert_msg(fabs(z) < 4, "case %d, %s: variance z = %g", _i, omo_law_name(k->law.kind), z);
}
END_TEST

static double case_below(const void *context, double x)
{
    const struct law_case *k = context;

    return k->below(&k->law, x);
}

static void check_continuous(const struct law_case *k, int number)
{
    static double value[SHAPE_COUNT];
    struct draw_cursor c;
    double distance;

    draw_begin(&c, draw_key_make(21, 0), DRAW_SERVICE, (uint64_t)number, 0);
    for (int i = 0; i < SHAPE_COUNT; i++)
        value[i] = law_draw(&k->law, &c);
    distance = fit_ks(value, SHAPE_COUNT, case_below, k);
    ck_assert_msg(distance < fit_ks_limit(), "case %d, %s: %g", number, omo_law_name(k->law.kind),
                  distance);
}

/* Cells around the mean; what is drawn outside is one more. */
static void check_whole(const struct law_case *k, int number)
{
    enum { SIZE = 10000 };
    static uint32_t count[SIZE];
    static double share[SIZE];
    double first = fmax(0, floor(k->mean - 10 * sqrt(k->variance)));
    struct draw_cursor c;
    double z;

    memset(count, 0, sizeof(count));
    draw_begin(&c, draw_key_make(22, 0), DRAW_ARRIVAL, (uint64_t)number, 0);
    for (int i = 0; i < SHAPE_COUNT; i++) {
        double cell = law_draw(&k->law, &c) - first;

        if (cell != floor(cell))
            ck_abort_msg("%g is not whole", cell + first);
        if (cell >= 0 && cell < SIZE)
            count[(int)cell]++;
    }
    for (int i = 0; i < SIZE; i++)
        share[i] = k->share(&k->law, first + i);
    z = fit_counts_z(count, share, SIZE, SHAPE_COUNT);
    ck_assert_msg(z < fit_z_limit(), "case %d, %s: chi-square z = %g", number,
                  omo_law_name(k->law.kind), z);
}

START_TEST(test_shape)
{
    const struct law_case *k = &law_cases[_i];

    if (k->below != NULL)
        check_continuous(k, _i);
    if (k->share != NULL)
        check_whole(k, _i);
}
END_TEST

/* Each test would see a law that is a little off. */
START_TEST(test_shape_is_seen)
{
    static const struct law_case wrong = {.law = {OMO_LAW_EXPONENTIAL, 3, 0, 0}};
    static double value[SHAPE_COUNT];
    static uint32_t count[20];
    double share[20];
    struct law_case right = law_cases[1];
    struct draw_cursor c;

    ck_assert_int_eq(right.law.kind, OMO_LAW_EXPONENTIAL);
    right.law.a = wrong.law.a * 1.02;
    draw_begin(&c, draw_key_make(23, 0), DRAW_BASKET, 0, 0);
    for (int i = 0; i < SHAPE_COUNT; i++)
        value[i] = law_draw(&wrong.law, &c);
    ck_assert_double_gt(fit_ks(value, SHAPE_COUNT, case_below, &right), fit_ks_limit());
    for (int i = 0; i < SHAPE_COUNT; i++)
        count[draw_below(&c, 20)]++;
    for (int i = 0; i < 20; i++)
        share[i] = i < 10 ? 0.0515 : 0.0485;
    ck_assert_double_gt(fit_counts_z(count, share, 20, SHAPE_COUNT), fit_z_limit());
}
END_TEST

/* The tail goes on past what one 32-bit word can tell: forced words give the largest values, in
 * order. */
START_TEST(test_tails)
{
    struct draw_cursor c = {.word = {0, 0, 0, 0}};
    uint64_t beyond = 0;

    ck_assert_double_gt(law_exponential(&c), 50);
    c = (struct draw_cursor){.word = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0}};
    ck_assert_double_gt(law_normal(&c), 8);
    c = (struct draw_cursor){.word = {0, 0, 0, 0}};
    ck_assert_double_lt(law_normal(&c), -8);
    c = (struct draw_cursor){.word = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0}};
    ck_assert_double_gt(law_exponential(&c), 0);
    draw_begin(&c, draw_key_make(24, 0), DRAW_SERVICE, 0, 0);
    for (int i = 0; i < 20000000; i++)
        beyond += law_exponential(&c) > 12;
    /* exp(-12) x 2e7 = 122.9. */
    ck_assert_double_lt(fabs((double)beyond - 122.884) / sqrt(122.884), 4);
}
END_TEST

START_TEST(test_draw_us)
{
    omo_law law = {OMO_LAW_CONSTANT, 2.5, 0, 0};
    struct draw_cursor c = {.used = 4};

    ck_assert_int_eq(law_draw_us(&law, &c), 3);
    law.a = 2.4999;
    ck_assert_int_eq(law_draw_us(&law, &c), 2);
    law.a = 0;
    ck_assert_int_eq(law_draw_us(&law, &c), 0);
    law.a = 1e300;
    ck_assert_int_eq(law_draw_us(&law, &c), (INT64_C(1) << 62) - 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("laws");
    TCase *t = tcase_create("laws");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, test_moments, 0, law_case_count);
    tcase_add_loop_test(t, test_shape, 0, law_case_count);
    tcase_add_test(t, test_shape_is_seen);
    tcase_add_test(t, test_tails);
    tcase_add_test(t, test_draw_us);
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
