/* Fits against published parameters, derivatives against differences, expectations against the
 * literature and against simulated customers.
 *
 * Published parameter sets: CDNOW, 2,357 customers watched for 27 to 39 weeks (Fader, Hardie and Lee,
 * Marketing Science 24, 2005, table 2), and the example of the BTYDplus manual (bgnbd.GenerateData,
 * 1,000 customers, 32 weeks). Gamma-gamma: CDNOW (Fader and Hardie, note 025, 2013), 946 customers.
 * Twenty populations are drawn from each. A parameter's z is (estimate - true) / its standard error;
 * all lie within 4, at least 18 of 20 within 3, and their mean square is that of a standard normal
 * variable as far as 20 populations can tell (chi-square, 10^-6 on either side).
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <omosim/omosim.h>

#include "experiment/customers.h"

#define POPULATIONS 20
#define BTYDPLUS_COUNT 1000
#define CDNOW_COUNT 2357

static const omo_bgnbd cdnow = {.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
static const omo_bgnbd btydplus = {.r = 0.85, .alpha = 4.45, .a = 0.79, .b = 2.42};

struct tally {
    const char *name;
    double squares, worst;
    int within_3, count;
};

static void tally_add(struct tally *t, double estimate, double error, double truth)
{
    const double z = (estimate - truth) / error;

    ck_assert_msg(isfinite(z), "%s: %g with SE %g", t->name, estimate, error);
    t->squares += z * z;
    t->worst = fmax(t->worst, fabs(z));
    t->within_3 += fabs(z) <= 3;
    t->count++;
}

static void tally_check(const struct tally *t)
{
    printf("%s: worst |z| %.2f, %d of %d within 3, mean square %.2f\n", t->name, t->worst,
           t->within_3, t->count, t->squares / t->count);
    ck_assert_msg(t->worst <= 4, "%s: |z| = %g", t->name, t->worst);
    ck_assert_int_ge(t->within_3, t->count - 2);
    ck_assert_double_gt(omo_chi_square_tail(t->squares, (uint32_t)t->count), 1e-6);
    ck_assert_double_lt(omo_chi_square_tail(t->squares, (uint32_t)t->count), 1 - 1e-6);
}

static void check_published(const omo_bgnbd *model, size_t count, double age_min, double age_max)
{
    struct tally r = {.name = "r"}, alpha = {.name = "alpha"}, a = {.name = "a"}, b = {.name = "b"};
    omo_history *h = calloc(count, sizeof(*h));

    ck_assert_ptr_nonnull(h);
    for (uint64_t i = 0; i < POPULATIONS; i++) {
        omo_bgnbd_fit fit;
        omo_error error;

        customers_fill(model, age_min, age_max, 1, i, h, count);
        ck_assert_msg(omo_bgnbd_estimate(h, count, &fit, &error) == OMO_OK, "%s", error.text);
        ck_assert_uint_eq(fit.edge, 0);
        ck_assert_uint_eq(fit.customer_count, count);
        tally_add(&r, fit.model.r, fit.standard_error.r, model->r);
        tally_add(&alpha, fit.model.alpha, fit.standard_error.alpha, model->alpha);
        tally_add(&a, fit.model.a, fit.standard_error.a, model->a);
        tally_add(&b, fit.model.b, fit.standard_error.b, model->b);
    }
    free(h);
    tally_check(&r);
    tally_check(&alpha);
    tally_check(&a);
    tally_check(&b);
}

START_TEST(finds_the_parameters_of_cdnow) { check_published(&cdnow, CDNOW_COUNT, 27, 39); }
END_TEST

START_TEST(finds_the_parameters_of_the_btydplus_manual)
{
    check_published(&btydplus, BTYDPLUS_COUNT, 32, 32);
}
END_TEST

START_TEST(finds_what_purchases_are_worth)
{
    static const omo_spend published = {.p = 6.25, .q = 3.74, .gamma = 15.44};
    struct tally p = {.name = "p"}, q = {.name = "q"}, gamma = {.name = "gamma"};
    omo_spending spending[946];

    for (uint64_t i = 0; i < POPULATIONS; i++) {
        omo_spend_fit fit;
        omo_error error;

        for (size_t k = 0; k < 946; k++) {
            omo_draws d;
            omo_draws_open(&d, 1, i, CUSTOMERS_PURPOSE, k, 0, NULL);
            const double nu = customers_gamma(&d, published.q) / published.gamma;
            const uint32_t count = 1 + (uint32_t)(4 * omo_draws_unit(&d));
            double sum = 0;
            for (uint32_t j = 0; j < count; j++)
                sum += customers_gamma(&d, published.p) / nu;
            spending[k] = (omo_spending){.mean = sum / count, .count = count};
        }
        ck_assert_msg(omo_spend_estimate(spending, 946, &fit, &error) == OMO_OK, "%s", error.text);
        ck_assert_uint_eq(fit.edge, 0);
        ck_assert_double_eq_tol(fit.mean, fit.model.p * fit.model.gamma / (fit.model.q - 1),
                                1e-9 * fit.mean);
        tally_add(&p, fit.model.p, fit.standard_error.p, published.p);
        tally_add(&q, fit.model.q, fit.standard_error.q, published.q);
        tally_add(&gamma, fit.model.gamma, fit.standard_error.gamma, published.gamma);
    }
    tally_check(&p);
    tally_check(&q);
    tally_check(&gamma);
}
END_TEST

/* ---- the likelihood -------------------------------------------------------------------------- */

static const omo_history few[] = {
    {.last = 0, .age = 38.86, .count = 3, .repeats = 0},
    {.last = 1.71, .age = 38.86, .count = 1, .repeats = 1},
    {.last = 30.43, .age = 38.86, .count = 2, .repeats = 2},
    {.last = 29.43, .age = 31.11, .count = 1, .repeats = 7},
    {.last = 38.5, .age = 38.86, .count = 1, .repeats = 1200},
};
#define FEW (sizeof(few) / sizeof(few[0]))

/* Equation 6 of the paper as it stands there, with libm's gamma function. */
static double textbook(const omo_bgnbd *m, const omo_history *h)
{
    const double x = h->repeats;
    const double beta = lgamma(m->a) + lgamma(m->b) - lgamma(m->a + m->b);
    const double alive = lgamma(m->a) + lgamma(m->b + x) - lgamma(m->a + m->b + x) - beta +
                         lgamma(m->r + x) - lgamma(m->r) + m->r * log(m->alpha) -
                         (m->r + x) * log(m->alpha + h->age);
    const double gone = lgamma(m->a + 1) + lgamma(m->b + x - 1) - lgamma(m->a + m->b + x) - beta +
                        lgamma(m->r + x) - lgamma(m->r) + m->r * log(m->alpha) -
                        (m->r + x) * log(m->alpha + h->last);

    return h->repeats == 0 ? alive : alive + log1p(exp(gone - alive));
}

START_TEST(likelihood_is_the_papers)
{
    double expected = 0, got;

    for (size_t i = 0; i < FEW; i++)
        expected += (double)few[i].count * textbook(&cdnow, &few[i]);
    ck_assert_int_eq(omo_bgnbd_log_likelihood(&cdnow, few, FEW, &got, NULL, NULL, NULL), OMO_OK);
    ck_assert_double_eq_tol(got, expected, 1e-10 * fabs(expected));
}
END_TEST

/* cdnow with one logarithm moved. */
static omo_bgnbd moved(int parameter, double by)
{
    omo_bgnbd m = cdnow;
    double *const all[] = {&m.r, &m.alpha, &m.a, &m.b};

    *all[parameter] *= exp(by);
    return m;
}

START_TEST(derivatives_are_those_of_the_likelihood)
{
    const double h = 1e-5;
    double value, gradient[4], hessian[4][4];

    omo_bgnbd_log_likelihood(&cdnow, few, FEW, &value, gradient, hessian, NULL);
    for (int i = 0; i < 4; i++) {
        const omo_bgnbd up = moved(i, h), down = moved(i, -h);
        double high, low, high_gradient[4], low_gradient[4];

        omo_bgnbd_log_likelihood(&up, few, FEW, &high, high_gradient, NULL, NULL);
        omo_bgnbd_log_likelihood(&down, few, FEW, &low, low_gradient, NULL, NULL);
        ck_assert_double_eq_tol(gradient[i], (high - low) / (2 * h),
                                1e-5 * (1 + fabs(gradient[i])));
        for (int j = 0; j < 4; j++)
            ck_assert_double_eq_tol(hessian[i][j], (high_gradient[j] - low_gradient[j]) / (2 * h),
                                    1e-6 * (1 + fabs(hessian[i][j])));
    }
}
END_TEST

START_TEST(alike_histories_may_stand_together)
{
    omo_history apart[] = {few[0], few[0], few[1], few[2], few[2], few[3]};
    omo_bgnbd_fit one, other;

    apart[0].count = 1;
    apart[1].count = 2;
    apart[3].count = apart[4].count = 1;
    ck_assert_int_eq(omo_bgnbd_estimate(few, 4, &one, NULL), OMO_OK);
    ck_assert_int_eq(omo_bgnbd_estimate(apart, 6, &other, NULL), OMO_OK);
    ck_assert_double_eq_tol(one.log_likelihood, other.log_likelihood, 1e-9);
    ck_assert_double_eq_tol(one.model.r, other.model.r, 1e-6 * one.model.r);
}
END_TEST

START_TEST(without_drop_out_the_edge_is_told)
{
    /* Everybody bought on the last day: nobody can have left. */
    const omo_history h[] = {{.last = 10, .age = 10, .count = 10, .repeats = 2},
                             {.last = 10, .age = 10, .count = 10, .repeats = 5},
                             {.last = 10, .age = 10, .count = 10, .repeats = 11}};
    omo_bgnbd_fit fit;

    ck_assert_int_eq(omo_bgnbd_estimate(h, 3, &fit, NULL), OMO_OK);
    ck_assert_uint_ne(fit.edge, 0);
    ck_assert_double_nan(fit.standard_error.r);
    ck_assert_double_lt(fit.model.a / (fit.model.a + fit.model.b), 1e-4);
}
END_TEST

static void check_refused(const omo_history *h, size_t count, const char *text)
{
    omo_bgnbd_fit fit;
    omo_error error;

    ck_assert_int_eq(omo_bgnbd_estimate(h, count, &fit, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, text) != NULL, "'%s' lacks '%s'", error.text, text);
}

START_TEST(bad_histories_are_refused)
{
    check_refused(few, 0, "at least 2 customers");
    check_refused(few, 1, "nobody bought a second time");
    check_refused(&few[1], 1, "at least 2 customers");
    check_refused((omo_history[]){few[2], few[1]}, 2, "they come ascending");
    check_refused((omo_history[]){{.last = -1, .age = 5, .count = 1}}, 1, "not negative");
    check_refused((omo_history[]){{.last = 6, .age = 5, .count = 1, .repeats = 1}}, 1, "later");
    check_refused((omo_history[]){{.age = 5, .count = 1, .repeats = 1}}, 1, "a repeat comes later");
    check_refused((omo_history[]){{.age = NAN, .count = 1}}, 1, "history 0");
    check_refused((omo_history[]){{.age = 5}}, 1, "0 customers");
    ck_assert_int_eq(omo_spend_estimate((omo_spending[]){{.mean = 5, .count = 1}}, 1,
                                        &(omo_spend_fit){0}, NULL),
                     OMO_EINVAL);
    ck_assert_int_eq(omo_spend_estimate((omo_spending[]){{.mean = 5, .count = 1},
                                                         {.mean = 5, .count = 2}},
                                        2, &(omo_spend_fit){0}, NULL),
                     OMO_EINVAL);
}
END_TEST

/* ---- expectations ---------------------------------------------------------------------------- */

START_TEST(expectations_are_the_literatures)
{
    /* Fader, Hardie and Lee, "Implementing the BG/NBD model in Excel", 2005: customer 1 is expected
     * to buy 1.226 times in the 39 weeks that follow. The mean at a = 1, where the published
     * formula is 0/0, lies between those on either side. */
    const omo_history first = {.last = 30.43, .age = 38.86, .count = 1, .repeats = 2};
    const omo_bgnbd below = {.r = 2, .alpha = 3, .a = 0.999, .b = 1.5};
    const omo_bgnbd one = {.r = 2, .alpha = 3, .a = 1, .b = 1.5};
    const omo_bgnbd above = {.r = 2, .alpha = 3, .a = 1.001, .b = 1.5};

    ck_assert_double_eq_tol(omo_bgnbd_expected_more(&cdnow, &first, 39), 1.226, 5e-4);
    ck_assert_double_eq_tol(omo_bgnbd_alive(&cdnow, &first), 0.7266, 5e-5);
    ck_assert_double_eq(omo_bgnbd_expected(&cdnow, 0), 0);
    ck_assert_double_eq_tol(omo_bgnbd_expected(&one, 10),
                            (omo_bgnbd_expected(&below, 10) + omo_bgnbd_expected(&above, 10)) / 2,
                            1e-5);
    /* Nobody leaves: r t / alpha. */
    ck_assert_double_eq_tol(omo_bgnbd_expected(&(omo_bgnbd){.r = 2, .alpha = 3, .a = 1e-12, .b = 1},
                                               30),
                            20, 1e-8);
}
END_TEST

START_TEST(probabilities_make_the_expectation)
{
    const double periods[] = {0.01, 1, 39, 500};

    for (int i = 0; i < 4; i++) {
        double sum = 0, mean = 0;
        for (uint32_t x = 0; x < 20000; x++) {
            const double p = omo_bgnbd_probability(&cdnow, periods[i], x);
            ck_assert_double_ge(p, 0);
            sum += p;
            mean += x * p;
        }
        ck_assert_double_eq_tol(sum, 1, 1e-9);
        ck_assert_double_eq_tol(mean, omo_bgnbd_expected(&cdnow, periods[i]),
                                1e-8 * omo_bgnbd_expected(&cdnow, periods[i]));
    }
}
END_TEST

START_TEST(simulated_customers_buy_as_often)
{
    enum { COUNT = 200000 };
    double sum = 0, squares = 0;

    for (uint64_t i = 0; i < COUNT; i++) {
        const double x = customers_draw(&cdnow, 39, 39, 7, 0, i, NULL, NULL).repeats;
        sum += x;
        squares += x * x;
    }
    const double mean = sum / COUNT, error = sqrt((squares / COUNT - mean * mean) / COUNT);
    ck_assert_double_le(fabs(mean - omo_bgnbd_expected(&cdnow, 39)), 4 * error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fit");
    TCase *tcase = tcase_create("fit");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, finds_the_parameters_of_cdnow);
    tcase_add_test(tcase, finds_the_parameters_of_the_btydplus_manual);
    tcase_add_test(tcase, finds_what_purchases_are_worth);
    tcase_add_test(tcase, likelihood_is_the_papers);
    tcase_add_test(tcase, derivatives_are_those_of_the_likelihood);
    tcase_add_test(tcase, alike_histories_may_stand_together);
    tcase_add_test(tcase, without_drop_out_the_edge_is_told);
    tcase_add_test(tcase, bad_histories_are_refused);
    tcase_add_test(tcase, expectations_are_the_literatures);
    tcase_add_test(tcase, probabilities_make_the_expectation);
    tcase_add_test(tcase, simulated_customers_buy_as_often);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
