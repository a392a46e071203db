/* Laws of baskets, popularity and prices, fitted to what the library's own laws draw.
 *
 * Twenty samples each; a mean and an exponent lie within 4 standard errors of what drew them, the
 * right law of three wins by Akaike's criterion, and shares add up to 1.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <omosim/omosim.h>

#define SAMPLES 20
#define DRAWN 20000
#define VALUES 400

static void draw_counts(const omo_law *law, uint64_t sample, double plus, uint64_t counts[VALUES])
{
    omo_draws d;

    memset(counts, 0, VALUES * sizeof(counts[0]));
    omo_draws_open(&d, 1, sample, 200, 0, 0, NULL);
    for (int i = 0; i < DRAWN; i++) {
        const int value = (int)(omo_law_draw(law, &d) + plus);
        ck_assert_int_ge(value, 1);
        ck_assert_int_le(value, VALUES);
        counts[value - 1]++;
    }
}

static void check_counts(omo_count_law right, const omo_law *law, double plus, double size)
{
    for (uint64_t sample = 0; sample < SAMPLES; sample++) {
        uint64_t counts[VALUES];
        omo_count_fit fit[OMO_COUNT_LAWS];
        double sum = 0;
        const double error = sqrt(omo_law_variance(law) / DRAWN);

        draw_counts(law, sample, plus, counts);
        for (int i = 0; i < OMO_COUNT_LAWS; i++)
            ck_assert_int_eq(omo_count_estimate((omo_count_law)i, counts, VALUES, &fit[i], NULL),
                             OMO_OK);
        ck_assert_double_le(fabs(fit[right].mean - omo_law_mean(law) - plus), 4 * error);
        /* A law inside the negative binomial one wins by its lesser number of parameters, in most
         * samples; never does the other one. */
        for (int i = 0; i < OMO_COUNT_LAWS; i++)
            if (i != (int)right)
                ck_assert_double_lt(fit[right].aic,
                                    fit[i].aic + (i == OMO_COUNT_NEGATIVE_BINOMIAL ? 20 : 0));
        if (right == OMO_COUNT_NEGATIVE_BINOMIAL)
            ck_assert_double_eq_tol(fit[right].size, size, 0.15 * size);
        for (uint32_t value = 0; value <= 4 * VALUES; value++)
            sum += omo_count_probability(&fit[right], value);
        ck_assert_double_eq_tol(sum, 1, 1e-9);
    }
}

START_TEST(the_law_that_drew_the_counts_is_found)
{
    const omo_law geometric = {.kind = OMO_LAW_GEOMETRIC, .a = 3};
    const omo_law poisson = {.kind = OMO_LAW_POISSON, .a = 2};
    const omo_law negative = {.kind = OMO_LAW_NEGATIVE_BINOMIAL, .a = 2.5, .b = 0.4};

    check_counts(OMO_COUNT_GEOMETRIC, &geometric, 0, 1);
    check_counts(OMO_COUNT_POISSON, &poisson, 1, 0);
    check_counts(OMO_COUNT_NEGATIVE_BINOMIAL, &negative, 1, 0.4);
}
END_TEST

START_TEST(counts_without_spread_run_to_the_edge)
{
    const uint64_t two[] = {0, 50}, one[] = {50}, none[] = {0, 0};
    omo_count_fit fit;

    ck_assert_int_eq(omo_count_estimate(OMO_COUNT_NEGATIVE_BINOMIAL, two, 2, &fit, NULL), OMO_OK);
    ck_assert_uint_eq(fit.edge, 1);
    ck_assert_double_eq(fit.mean, 2);
    ck_assert_int_eq(omo_count_estimate(OMO_COUNT_POISSON, one, 1, &fit, NULL), OMO_OK);
    ck_assert_double_eq(omo_count_probability(&fit, 1), 1);
    ck_assert_double_eq(omo_count_probability(&fit, 2), 0);
    ck_assert_double_eq(omo_count_probability(&fit, 0), 0);
    ck_assert_double_eq(fit.log_likelihood, 0);
    ck_assert_int_eq(omo_count_estimate(OMO_COUNT_POISSON, none, 2, &fit, NULL), OMO_EINVAL);
}
END_TEST

START_TEST(log_likelihoods_are_sums_of_chances)
{
    const uint64_t counts[] = {7, 3, 0, 2, 1};
    omo_count_fit fit;

    for (int law = 0; law < OMO_COUNT_LAWS; law++) {
        double sum = 0;
        omo_count_estimate((omo_count_law)law, counts, 5, &fit, NULL);
        for (uint32_t i = 0; i < 5; i++)
            sum += (double)counts[i] * log(omo_count_probability(&fit, i + 1));
        ck_assert_double_eq_tol(fit.log_likelihood, sum, 1e-10);
        ck_assert_double_eq_tol(fit.aic, 2.0 * fit.parameters - 2 * sum, 1e-9);
        ck_assert_double_eq_tol(fit.mean, (7 + 6 + 8 + 5) / 13.0, 1e-12);
    }
}
END_TEST

/* ---- popularity ------------------------------------------------------------------------------ */

#define RANKS 200
#define SALES 200000

/* Sales of so many products in proportion to `weight`, without chance: the law itself. */
static void exact_sales(const double *weight, double *sales)
{
    double sum = 0;

    for (int i = 0; i < RANKS; i++)
        sum += weight[i];
    for (int i = 0; i < RANKS; i++)
        sales[i] = SALES * weight[i] / sum;
}

static void check_ranks(const double *sales, omo_rank_law right, double exponent, double shift,
                        double tolerance)
{
    omo_rank_fit fit[OMO_RANK_LAWS];
    double sum = 0;

    for (int i = 0; i < OMO_RANK_LAWS; i++)
        ck_assert_int_eq(omo_rank_estimate((omo_rank_law)i, sales, RANKS, &fit[i], NULL), OMO_OK);
    ck_assert_double_eq_tol(fit[right].exponent, exponent, tolerance * exponent);
    ck_assert_double_eq_tol(fit[right].shift, shift, tolerance * (shift + 0.01));
    for (int i = 0; i < OMO_RANK_LAWS; i++)
        ck_assert_double_le(fit[right].aic, fit[i].aic + 2.001);
    for (size_t i = 1; i <= RANKS; i++)
        sum += omo_rank_share(&fit[right], i);
    ck_assert_double_eq_tol(sum, 1, 1e-12);
    ck_assert_double_le(fit[right].distance, tolerance);
}

START_TEST(exact_popularity_gives_exact_laws)
{
    double weight[RANKS], sales[RANKS];

    for (int i = 0; i < RANKS; i++)
        weight[i] = pow(i + 1, -0.9);
    exact_sales(weight, sales);
    check_ranks(sales, OMO_RANK_ZIPF, 0.9, 0, 1e-6);
    for (int i = 0; i < RANKS; i++)
        weight[i] = pow(i + 1 + 12.5, -2.1);
    exact_sales(weight, sales);
    check_ranks(sales, OMO_RANK_MANDELBROT, 2.1, 12.5, 1e-4);
}
END_TEST

static int compare_down(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return *x > *y ? -1 : *x < *y;
}

START_TEST(drawn_popularity_gives_the_exponent)
{
    const omo_law zipf = {.kind = OMO_LAW_ZIPF, .a = RANKS, .b = 0.9};

    for (uint64_t sample = 0; sample < SAMPLES; sample++) {
        double sales[RANKS] = {0};
        omo_rank_fit fit;
        omo_draws d;

        omo_draws_open(&d, 1, sample, 201, 0, 0, NULL);
        for (int i = 0; i < SALES; i++)
            sales[(int)omo_law_draw(&zipf, &d) - 1]++;
        qsort(sales, RANKS, sizeof(double), compare_down);
        ck_assert_int_eq(omo_rank_estimate(OMO_RANK_ZIPF, sales, RANKS, &fit, NULL), OMO_OK);
        ck_assert_double_le(fabs(fit.exponent - 0.9), 4 * fit.exponent_error);
        ck_assert_double_lt(fit.exponent_error, 0.01);
        ck_assert_double_lt(fit.distance, 0.02);
    }
}
END_TEST

START_TEST(bad_sales_are_refused)
{
    const double even[] = {3, 3, 3}, up[] = {1, 2, 3}, none[] = {3, 2, 0};
    omo_rank_fit fit;

    ck_assert_int_eq(omo_rank_estimate(OMO_RANK_ZIPF, even, 3, &fit, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_rank_estimate(OMO_RANK_ZIPF, up, 3, &fit, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_rank_estimate(OMO_RANK_ZIPF, none, 3, &fit, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_rank_estimate(OMO_RANK_ZIPF, even, 2, &fit, NULL), OMO_EINVAL);
}
END_TEST

/* ---- prices ---------------------------------------------------------------------------------- */

static int compare_up(const void *a, const void *b) { return compare_down(b, a); }

START_TEST(drawn_prices_give_the_law)
{
    const omo_law law = {.kind = OMO_LAW_LOGNORMAL, .a = 5.8, .b = 0.7};
    const double deviation = sqrt(log(1 + 0.7 * 0.7));

    for (uint64_t sample = 0; sample < SAMPLES; sample++) {
        enum { COUNT = 5000 };
        static double price[COUNT];
        omo_lognormal_fit fit;
        omo_draws d;

        omo_draws_open(&d, 1, sample, 202, 0, 0, NULL);
        for (int i = 0; i < COUNT; i++)
            price[i] = omo_law_draw(&law, &d);
        qsort(price, COUNT, sizeof(double), compare_up);
        ck_assert_int_eq(omo_lognormal_estimate(price, COUNT, &fit, NULL), OMO_OK);
        ck_assert_double_le(fabs(fit.log_deviation - deviation), 4 * deviation / sqrt(2 * COUNT));
        ck_assert_double_le(fabs(fit.log_mean - (log(5.8) - deviation * deviation / 2)),
                            4 * deviation / sqrt(COUNT));
        /* Kolmogorov and Smirnov with fitted parameters: 1.63 / sqrt(n) is beyond the 10^-4 point
         * (Lilliefors 1967 has 1.031 at 1 %). */
        ck_assert_double_lt(fit.distance, 1.63 / sqrt(COUNT));
    }
    ck_assert_int_eq(omo_lognormal_estimate((double[]){3, 3}, 2, &(omo_lognormal_fit){0}, NULL),
                     OMO_EINVAL);
    ck_assert_int_eq(omo_lognormal_estimate((double[]){3, 2}, 2, &(omo_lognormal_fit){0}, NULL),
                     OMO_EINVAL);
    ck_assert_int_eq(omo_lognormal_estimate((double[]){0, 2}, 2, &(omo_lognormal_fit){0}, NULL),
                     OMO_EINVAL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fit_laws");
    TCase *tcase = tcase_create("fit_laws");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_law_that_drew_the_counts_is_found);
    tcase_add_test(tcase, counts_without_spread_run_to_the_edge);
    tcase_add_test(tcase, log_likelihoods_are_sums_of_chances);
    tcase_add_test(tcase, exact_popularity_gives_exact_laws);
    tcase_add_test(tcase, drawn_popularity_gives_the_exponent);
    tcase_add_test(tcase, bad_sales_are_refused);
    tcase_add_test(tcase, drawn_prices_give_the_law);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
