/* Output analysis on series whose answer is known: literals, AR(1), an M/M/1 queue, a transient. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <omosim/experiment.h>
#include <omosim/statistics.h>

#include "base/series.h"

#define RUN_COUNT 400
#define LENGTH 20480

static double series[LENGTH];

static void fill_ar1(double phi, uint32_t replication)
{
    struct series_ar1 a;

    series_ar1_begin(&a, phi, replication);
    for (uint32_t i = 0; i < LENGTH; i++)
        series[i] = series_ar1_next(&a);
}

START_TEST(test_batch_means_literals)
{
    static const double values[] = {1, 3, 2, 4, 5, 5, 7, 1, 100};
    omo_batch_estimate e;

    ck_assert_int_eq(omo_batch_means(values, 9, 4, 0.95, &e, NULL), OMO_OK);
    ck_assert_double_eq(e.mean, 3.5); /* 2, 3, 5, 4; the hundred is left out */
    ck_assert_double_eq_tol(e.standard_error, sqrt(5.0 / 12), 1e-15);
    ck_assert_double_eq_tol(e.half_width, 3.18245 * sqrt(5.0 / 12), 1e-5); /* t(0.975; 3) */
    ck_assert_uint_eq(e.batch_count, 4);
    ck_assert_uint_eq(e.batch_size, 2);
    ck_assert(!e.long_enough);
    ck_assert_int_eq(omo_batch_means(values, 8, 8, 0.95, &e, NULL), OMO_OK);
    ck_assert_double_eq(e.mean, 3.5);
    ck_assert_double_eq_tol(e.lag1, 1 - 50.0 / 64, 1e-15); /* steps 4 1 4 1 0 4 36, spread 32 */
    ck_assert(e.long_enough);
}
END_TEST

/* Batches of one value are what omo_summarise expects, at every printed quantile. */
START_TEST(test_single_values_are_a_summary)
{
    static const double levels[] = {0.5, 0.9, 0.95, 0.99, 0.999};

    fill_ar1(0, 0);
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        for (uint32_t n = 2; n < 200; n += 13) {
            omo_summary s = omo_summarise(series, n, levels[i]);
            omo_batch_estimate e;

            ck_assert_int_eq(omo_batch_means(series, n, n, levels[i], &e, NULL), OMO_OK);
            ck_assert_double_eq_tol(e.mean, s.mean, 1e-14);
            ck_assert_double_eq_tol(e.half_width / s.half_width, 1, 1e-12);
        }
}
END_TEST

START_TEST(test_overlapping_literals)
{
    static const double values[] = {0, 2, 4, 0, 4, 2};
    omo_batch_estimate e;

    /* Windows of 3: 2 2 2.667 2 around 2; n = 6, m = 3: 4/9 x m / ((n - m + 1)(n - m)) = 1/9.
     * One degree of freedom: t = 12.7062. */
    ck_assert_int_eq(omo_overlapping_batch_means(values, 6, 2, 0.95, &e, NULL), OMO_OK);
    ck_assert_double_eq(e.mean, 2);
    ck_assert_double_eq_tol(e.standard_error, 1.0 / 3, 1e-15);
    ck_assert_double_eq_tol(e.half_width, 12.7062 / 3, 1e-4);
    ck_assert_uint_eq(e.batch_count, 2);
    ck_assert_uint_eq(e.batch_size, 3);
}
END_TEST

START_TEST(test_coverage_ar1)
{
    uint32_t covered = 0, covered_overlapping = 0, accepted = 0;
    double width = 0, width_overlapping = 0;

    for (uint32_t r = 0; r < RUN_COUNT; r++) {
        omo_batch_estimate e;

        fill_ar1(0.8, r);
        ck_assert_int_eq(omo_batch_means(series, LENGTH, 20, 0.95, &e, NULL), OMO_OK);
        covered += fabs(e.mean) <= e.half_width;
        accepted += e.long_enough;
        width += e.half_width;
        ck_assert_int_eq(omo_overlapping_batch_means(series, LENGTH, 20, 0.95, &e, NULL), OMO_OK);
        covered_overlapping += fabs(e.mean) <= e.half_width;
        width_overlapping += e.half_width;
        ck_assert_double_eq_tol(e.half_width / e.standard_error, 2.0484, 1e-4);
    }
    series_check_share(covered, RUN_COUNT, 0.95);
    series_check_share(covered_overlapping, RUN_COUNT, 0.95);
    series_check_share(accepted, RUN_COUNT, 0.95);
    /* t(0.975; 19) and t(0.975; 28) times the exact standard error, 3 / sqrt(20480). */
    ck_assert_double_eq_tol(width / RUN_COUNT / (2.0930 * 3 / sqrt(LENGTH)), 1, 0.05);
    ck_assert_double_eq_tol(width_overlapping / RUN_COUNT / (2.0484 * 3 / sqrt(LENGTH)), 1, 0.05);
}
END_TEST

START_TEST(test_autocorrelation_literals)
{
    static const double values[] = {1, 2, 3, 4, 5};
    double rho = 0;

    ck_assert_int_eq(omo_autocorrelation(values, 5, 0, &rho, NULL), OMO_OK);
    ck_assert_double_eq(rho, 1);
    ck_assert_int_eq(omo_autocorrelation(values, 5, 1, &rho, NULL), OMO_OK);
    ck_assert_double_eq_tol(rho, 0.4, 1e-15);
    ck_assert_int_eq(omo_autocorrelation(values, 5, 4, &rho, NULL), OMO_OK);
    ck_assert_double_eq_tol(rho, -0.4, 1e-15);
}
END_TEST

START_TEST(test_autocorrelation_ar1)
{
    static const double phis[] = {-0.5, 0, 0.6, 0.9};

    for (size_t p = 0; p < sizeof(phis) / sizeof(phis[0]); p++)
        for (size_t lag = 1; lag < 8; lag += 2) {
            double rho[40], z;
            omo_summary s;

            for (uint32_t r = 0; r < 40; r++) {
                fill_ar1(phis[p], r);
                ck_assert_int_eq(omo_autocorrelation(series, LENGTH, lag, &rho[r], NULL), OMO_OK);
            }
            s = omo_summarise(rho, 40, 0.95);
            z = (s.mean - pow(phis[p], (double)lag)) / s.standard_error;
            ck_assert_msg(fabs(z) <= 4, "phi %g lag %zu: %g, z = %.2f", phis[p], lag, s.mean, z);
        }
}
END_TEST

START_TEST(test_effective_size)
{
    static const double phis[] = {0, 0.5, 0.9};
    static const double values[] = {1, 1, 1, 1};
    double size = 0, sum;

    for (size_t p = 0; p < sizeof(phis) / sizeof(phis[0]); p++) {
        sum = 0;
        for (uint32_t r = 0; r < 20; r++) {
            fill_ar1(phis[p], r);
            ck_assert_int_eq(omo_effective_size(series, LENGTH, &size, NULL), OMO_OK);
            ck_assert_double_le(size, LENGTH);
            sum += size;
        }
        ck_assert_double_eq_tol(sum / 20 / (LENGTH * (1 - phis[p]) / (1 + phis[p])), 1, 0.1);
    }
    fill_ar1(-0.9, 0); /* worth more than independent values; not counted */
    ck_assert_int_eq(omo_effective_size(series, LENGTH, &size, NULL), OMO_OK);
    ck_assert_double_eq(size, LENGTH);
    ck_assert_int_eq(omo_effective_size(values, 4, &size, NULL), OMO_OK);
    ck_assert_double_eq(size, 4);
}
END_TEST

START_TEST(test_mser5_literals)
{
    omo_truncation t;

    for (uint32_t i = 0; i < 103; i++)
        series[i] = i < 20 ? 100 : i % 2;
    series[100] = series[101] = series[102] = 1e9; /* past the last whole batch */
    ck_assert_int_eq(omo_mser5(series, 103, &t, NULL), OMO_OK);
    ck_assert_uint_eq(t.first, 20);
    ck_assert_double_eq_tol(t.statistic, 0.16 / 256, 1e-15); /* 16 batches of 0.4 and 0.6 */
    ck_assert_double_eq_tol(t.mean, 0.5, 1e-15);
    ck_assert(t.reliable);
    for (uint32_t i = 0; i < 100; i++)
        series[i] = 0.1;
    ck_assert_int_eq(omo_mser5(series, 100, &t, NULL), OMO_OK);
    ck_assert_uint_eq(t.first, 0);
    ck_assert_double_eq(t.statistic, 0);
    ck_assert(t.reliable);
    for (uint32_t i = 0; i < 100; i++) /* never steady */
        series[i] = i;
    ck_assert_int_eq(omo_mser5(series, 100, &t, NULL), OMO_OK);
    ck_assert_uint_eq(t.first, 50);
    ck_assert(!t.reliable);
    for (uint32_t i = 0; i < 100; i++) /* steady only in the second half */
        series[i] = i < 60 ? 0 : 1;
    ck_assert_int_eq(omo_mser5(series, 100, &t, NULL), OMO_OK);
    ck_assert(!t.reliable);
}
END_TEST

/* By the definition, a tail at a time. */
START_TEST(test_mser5_by_definition)
{
    for (uint32_t r = 0; r < 50; r++) {
        size_t count = 50 + r * 7, batches = count / 5, first = 0;
        double best = INFINITY;
        omo_truncation t;

        fill_ar1(0.9, r);
        for (size_t d = 0; d <= batches / 2; d++) {
            double n = (double)(batches - d), mean = 0, squares = 0;

            for (size_t i = 5 * d; i < 5 * batches; i++)
                mean += series[i] / (5 * n);
            for (size_t i = d; i < batches; i++) {
                double batch = (series[5 * i] + series[5 * i + 1] + series[5 * i + 2] +
                                series[5 * i + 3] + series[5 * i + 4]) /
                               5;

                squares += (batch - mean) * (batch - mean);
            }
            if (squares / (n * n) < best) {
                best = squares / (n * n);
                first = 5 * d;
            }
        }
        ck_assert_int_eq(omo_mser5(series, count, &t, NULL), OMO_OK);
        ck_assert_uint_eq(t.first, first);
        ck_assert_double_eq_tol(t.statistic / best, 1, 1e-10);
    }
}
END_TEST

/* What starts with 300 values too high, with a decay, and with nothing. */
START_TEST(test_mser5_finds_the_transient)
{
    static double noise[5000];
    double cut_nothing = 0, bias = 0, bias_before = 0;
    omo_truncation t;

    for (uint32_t r = 0; r < 100; r++) {
        fill_ar1(0.5, r);
        memcpy(noise, series, sizeof(noise));
        ck_assert_int_eq(omo_mser5(series, 5000, &t, NULL), OMO_OK);
        cut_nothing += (double)t.first / 100;
        for (uint32_t i = 0; i < 300; i++)
            series[i] += 3;
        ck_assert_int_eq(omo_mser5(series, 5000, &t, NULL), OMO_OK);
        ck_assert(t.reliable);
        ck_assert_uint_ge(t.first, 295); /* the last batch may be low by chance */
        ck_assert_uint_le(t.first, 1500);
        for (uint32_t i = 0; i < 5000; i++) {
            series[i] = noise[i] + 10 * exp(-(double)i / 100);
            bias_before += series[i] / 5000 / 100;
        }
        ck_assert_int_eq(omo_mser5(series, 5000, &t, NULL), OMO_OK);
        ck_assert(t.reliable);
        bias += t.mean / 100;
    }
    ck_assert_double_le(cut_nothing, 500);
    ck_assert_double_gt(bias_before, 0.19);
    ck_assert_double_le(fabs(bias), 0.04);
}
END_TEST

static void refused(omo_status status, const omo_error *e, const char *part)
{
    ck_assert_int_eq(status, OMO_EINVAL);
    ck_assert_int_eq(e->status, OMO_EINVAL);
    ck_assert_msg(strstr(e->text, part) != NULL, "'%s' is not in: %s", part, e->text);
}

START_TEST(test_bad_arguments)
{
    static const double wrong[] = {NAN, INFINITY, -INFINITY, 1e141};
    omo_batch_estimate batch = {.mean = 5};
    omo_truncation truncation = {.first = 5};
    double value = 5;
    omo_error e;

    for (uint32_t i = 0; i < 100; i++)
        series[i] = i % 3;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        series[77] = wrong[i];
        refused(omo_batch_means(series, 100, 10, 0.95, &batch, &e), &e, "value 77");
        refused(omo_overlapping_batch_means(series, 100, 10, 0.95, &batch, &e), &e, "value 77");
        refused(omo_autocorrelation(series, 100, 1, &value, &e), &e, "value 77");
        refused(omo_effective_size(series, 100, &value, &e), &e, "value 77");
        refused(omo_mser5(series, 100, &truncation, &e), &e, "value 77");
    }
    series[77] = 0;
    refused(omo_batch_means(NULL, 100, 10, 0.95, &batch, &e), &e, "no values");
    refused(omo_batch_means(series, 100, 1, 0.95, &batch, &e), &e, "1 batches");
    refused(omo_batch_means(series, 100, 101, 0.95, &batch, &e), &e, "101 batches");
    refused(omo_batch_means(series, 1, 2, 0.95, &batch, &e), &e, "too few");
    refused(omo_batch_means(series, 100, 10, 0, &batch, &e), &e, "confidence");
    refused(omo_batch_means(series, 100, 10, 1, &batch, &e), &e, "confidence");
    refused(omo_overlapping_batch_means(series, 100, 10, NAN, &batch, &e), &e, "confidence");
    refused(omo_autocorrelation(series, 100, 100, &value, &e), &e, "100 apart");
    refused(omo_effective_size(series, 3, &value, &e), &e, "at least 4");
    refused(omo_mser5(series, 49, &truncation, &e), &e, "at least 50");
    ck_assert_int_eq(omo_mser5(series, 49, &truncation, NULL), OMO_EINVAL);
    for (uint32_t i = 0; i < 100; i++)
        series[i] = 0.1;
    refused(omo_autocorrelation(series, 100, 1, &value, &e), &e, "equal values");
    series[3] = 0.1 + 1e-200;
    refused(omo_autocorrelation(series, 100, 1, &value, &e), &e, "equal values");
    ck_assert_double_eq(batch.mean, 5);
    ck_assert_double_eq(value, 5);
    ck_assert_uint_eq(truncation.first, 5);
    ck_assert_int_eq(omo_batch_means(series, 100, 30, 0.95, &batch, NULL), OMO_OK);
    ck_assert_double_eq(batch.half_width, 0);
    ck_assert(batch.long_enough);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("statistics");
    TCase *tcase = tcase_create("statistics");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_batch_means_literals);
    tcase_add_test(tcase, test_single_values_are_a_summary);
    tcase_add_test(tcase, test_overlapping_literals);
    tcase_add_test(tcase, test_coverage_ar1);
    tcase_add_test(tcase, test_autocorrelation_literals);
    tcase_add_test(tcase, test_autocorrelation_ar1);
    tcase_add_test(tcase, test_effective_size);
    tcase_add_test(tcase, test_mser5_literals);
    tcase_add_test(tcase, test_mser5_by_definition);
    tcase_add_test(tcase, test_mser5_finds_the_transient);
    tcase_add_test(tcase, test_bad_arguments);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
