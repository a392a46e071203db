/* Online batch means: which batches there are, coverage of the half-width where the mean is known,
 * and runs that are too short are called so. */
#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>

#include "conformance/seed.h"

#include "base/batches.h"
#include "base/gauge.h"
#include "base/series.h"

#define RUN_COUNT 400

START_TEST(test_literals)
{
    struct batches b = {0};
    omo_batch_estimate e = batches_estimate(&b, 0.95);

    ck_assert_double_nan(e.mean);
    ck_assert_uint_eq(e.batch_count, 0);
    batches_add(&b, 3);
    e = batches_estimate(&b, 0.95);
    ck_assert_double_eq(e.mean, 3);
    ck_assert_double_nan(e.half_width);
    for (int64_t i = 1; i < 5; i++)
        batches_add(&b, 3 + i);
    e = batches_estimate(&b, 0.95);
    ck_assert_double_eq(e.mean, 5);
    /* t(0.975; 4) = 2.776, and 2.132 for 0.95: two digits more than in the printed tables */
    ck_assert_double_eq_tol(e.half_width, 2.77645 * sqrt(0.5), 1e-5);
    ck_assert_double_eq_tol(batches_estimate(&b, 0.9).half_width, 2.13185 * sqrt(0.5), 1e-5);
    ck_assert_double_nan(e.lag1);
    ck_assert(!e.long_enough);
    for (int64_t i = 5; i < 10; i++)
        batches_add(&b, 3 + i);
    e = batches_estimate(&b, 0.95);
    /* 3..12: 9 steps of 1, a spread of 82.5; t(0.975; 9) = 2.26216 */
    ck_assert_double_eq_tol(e.lag1, 1 - 9 / 165.0, 1e-15);
    ck_assert_double_eq_tol(e.lag1_bound, 1.644854 * sqrt(8.0 / 99), 1e-6);
    ck_assert_double_eq_tol(e.half_width, 2.26216 * sqrt(82.5 / 90), 1e-5);
    ck_assert(!e.long_enough);
}
END_TEST

START_TEST(test_batches_are_sums_of_neighbours)
{
    struct batches b = {0};
    struct draw_cursor c;
    static int64_t values[10000];
    uint64_t size;

    draw_begin(&c, draw_key_make(seed_take(), 0), DRAW_SERVICE, 0, 0);
    for (uint32_t n = 0; n < 10000; n++) {
        values[n] = (int64_t)draw_u64(&c) >> 16;
        batches_add(&b, values[n]);
        size = UINT64_C(1) << b.doubling;
        ck_assert_uint_eq(b.count * size + b.open_count, n + 1);
        ck_assert_uint_lt(b.open_count, size);
        ck_assert_uint_lt(b.count, BATCHES_MAX);
        ck_assert(n + 1 < BATCHES_MAX ? size == 1 : b.count >= BATCHES_MAX / 2);
    }
    for (uint32_t i = 0; i < b.count; i++) {
        int64_t sum = 0;

        for (uint64_t k = 0; k < size; k++)
            sum += values[i * size + k];
        ck_assert_int_eq(b.sum[i], sum);
    }
}
END_TEST

START_TEST(test_equal_values)
{
    struct batches b = {0};
    omo_batch_estimate e;

    for (int i = 0; i < 1000; i++)
        batches_add(&b, -17);
    e = batches_estimate(&b, 0.95);
    ck_assert_double_eq(e.mean, -17);
    ck_assert_double_eq(e.half_width, 0);
    ck_assert_double_eq(e.lag1, 0);
    ck_assert(e.long_enough);
}
END_TEST

START_TEST(test_a_sum_past_int64_stops)
{
    struct batches b = {0};

    for (int i = 0; i < 64; i++)
        batches_add(&b, 0);
    batches_add(&b, INT64_MAX);
    batches_add(&b, 1);
}
END_TEST

/* The area of each batch against a gauge that is read at its end; long gaps span many batches. */
START_TEST(test_level_batches_are_areas)
{
    uint64_t seed = seed_take();

    for (uint32_t round = 0; round < 50; round++) {
        struct batches_level b;
        struct draw_cursor c;
        static int64_t at_us[500], level[500];
        int64_t begin_us, now_us, size;
        uint32_t k = 0;
        struct gauge g = {0};

        draw_begin(&c, draw_key_make(seed, round), DRAW_SERVICE, 0, 0);
        begin_us = now_us = draw_below(&c, 1000);
        level[0] = 4;
        at_us[0] = now_us;
        batches_level_begin(&b, now_us, 4, 1 + draw_below(&c, 50));
        for (uint32_t i = 1; i < 500; i++) {
            now_us += draw_below(&c, draw_below(&c, 20) == 0 ? 100000 : 100);
            at_us[i] = now_us;
            level[i] = (int64_t)draw_below(&c, 9) - 3;
            batches_level_set(&b, now_us, level[i]);
        }
        size = b.span_us << b.batches.doubling;
        ck_assert_int_eq(b.open_end_us, begin_us + (b.batches.count + 1) * size);
        ck_assert_int_gt(b.open_end_us, now_us);
        ck_assert_int_le(b.open_end_us - size, now_us);
        g.since_us = begin_us;
        for (uint32_t i = 0; i < b.batches.count; i++) {
            int64_t end_us = begin_us + (i + 1) * size;

            g.area = 0;
            for (; k < 500 && at_us[k] <= end_us; k++) {
                gauge_touch(&g, at_us[k]);
                g.level = level[k];
            }
            gauge_touch(&g, end_us);
            ck_assert_int_eq(b.batches.sum[i], (int64_t)g.area);
        }
        ck_assert_uint_eq(batches_level_estimate(&b, 0.95).batch_size, (uint64_t)size);
    }
}
END_TEST

START_TEST(test_level_literals)
{
    struct batches_level b;
    omo_batch_estimate e;

    batches_level_begin(&b, 1000, 2, 10);
    batches_level_set(&b, 1015, 4); /* 10 us of 2; 5 of 2 and 5 of 4; 10 of 4 */
    batches_level_touch(&b, 1030);
    e = batches_level_estimate(&b, 0.95);
    ck_assert_uint_eq(e.batch_count, 3);
    ck_assert_double_eq(e.mean, 3);
    ck_assert_double_eq_tol(e.half_width, 4.30265 * sqrt(1.0 / 3), 1e-5); /* t(0.975; 2) */
    batches_level_begin(&b, 1030, b.level, 10);
    ck_assert_uint_eq(batches_level_estimate(&b, 0.95).batch_count, 0);
    ck_assert_int_eq(b.level, 4);
    batches_level_touch(&b, INT64_C(1) << 61); /* one jump over 10^17 spans */
    ck_assert_double_eq(batches_level_estimate(&b, 0.95).mean, 4);
}
END_TEST

/* Runs of `length` values of an AR(1): how many intervals hold the mean 0, how many were
 * accepted. */
static void run_ar1(double phi, uint32_t length, uint32_t *ret_covered, uint32_t *ret_accepted)
{
    *ret_covered = *ret_accepted = 0;
    for (uint32_t r = 0; r < RUN_COUNT; r++) {
        struct batches b = {0};
        struct series_ar1 a;
        omo_batch_estimate e;

        series_ar1_begin(&a, phi, r);
        for (uint32_t i = 0; i < length; i++)
            batches_add(&b, (int64_t)(series_ar1_next(&a) * 1e9));
        e = batches_estimate(&b, 0.95);
        *ret_covered += fabs(e.mean) <= e.half_width;
        *ret_accepted += e.long_enough;
    }
}

START_TEST(test_coverage_ar1)
{
    uint32_t covered, accepted;

    run_ar1(0.8, 16384, &covered, &accepted); /* 32 batches of 512 */
    series_check_share(covered, RUN_COUNT, 0.95);
    series_check_share(accepted, RUN_COUNT, 0.95);
}
END_TEST

START_TEST(test_short_runs_are_told)
{
    uint32_t covered, accepted;

    run_ar1(0.99, 2048, &covered, &accepted); /* 32 batches of 64, a third of what 199 needs */
    ck_assert_uint_lt(covered, RUN_COUNT * 8 / 10);
    ck_assert_uint_lt(accepted, RUN_COUNT * 5 / 100);
}
END_TEST

START_TEST(test_coverage_mm1)
{
    const double rho = 0.5;
    uint32_t covered = 0, accepted = 0;

    for (uint32_t r = 0; r < RUN_COUNT; r++) {
        struct batches b = {0};
        struct series_mm1 q;
        omo_batch_estimate e;

        series_mm1_begin(&q, rho, r);
        for (uint32_t i = 0; i < 1000; i++) /* from an empty system */
            (void)series_mm1_next(&q);
        for (uint32_t i = 0; i < 32768; i++) /* 32 batches of 1024 */
            batches_add(&b, series_mm1_next(&q));
        e = batches_estimate(&b, 0.95);
        covered += fabs(e.mean - series_mm1_mean_us(rho)) <= e.half_width;
        accepted += e.long_enough;
    }
    series_check_share(covered, RUN_COUNT, 0.95);
    series_check_share(accepted, RUN_COUNT, 0.95);
}
END_TEST

/* An exponential on and off level: half of the time on. */
START_TEST(test_coverage_level)
{
    uint32_t covered = 0;

    for (uint32_t r = 0; r < RUN_COUNT; r++) {
        struct batches_level b;
        struct draw_cursor c;
        omo_batch_estimate e;
        int64_t now_us = 0, level;

        draw_begin(&c, draw_key_make(20260103, r), DRAW_SERVICE, 0, 0);
        level = draw_below(&c, 2);
        batches_level_begin(&b, 0, level, 100);
        for (uint32_t i = 0; i < 10000; i++) {
            now_us += (int64_t)(law_exponential(&c) * 1e6 + 0.5);
            level = 1 - level;
            batches_level_set(&b, now_us, level);
        }
        e = batches_level_estimate(&b, 0.95);
        covered += fabs(e.mean - 0.5) <= e.half_width;
    }
    series_check_share(covered, RUN_COUNT, 0.95);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("batches");
    TCase *tcase = tcase_create("batches");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_literals);
    tcase_add_test(tcase, test_batches_are_sums_of_neighbours);
    tcase_add_test(tcase, test_equal_values);
    if (srunner_fork_status(runner) == CK_FORK)
        tcase_add_test_raise_signal(tcase, test_a_sum_past_int64_stops, SIGABRT);
    tcase_add_test(tcase, test_level_batches_are_areas);
    tcase_add_test(tcase, test_level_literals);
    tcase_add_test(tcase, test_coverage_ar1);
    tcase_add_test(tcase, test_short_runs_are_told);
    tcase_add_test(tcase, test_coverage_mm1);
    tcase_add_test(tcase, test_coverage_level);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
