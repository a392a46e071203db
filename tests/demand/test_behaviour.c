/* The multinomial logit against its closed form, at its limits, and under common random numbers. */
#include <check.h>
#include <math.h>

#include "demand/behaviour.h"

#define VISITS 40000
#define OPTIONS 3

/* Shares of the options, and of "buy nothing" last, over that many visits of ten replications. */
static void shares(const double *utility, const bool *open, double ret_share[OPTIONS + 1])
{
    double seen[OPTIONS + 1] = {0};

    for (uint64_t order = 0; order < VISITS; order++) {
        struct draw_cursor c;
        draw_begin(&c, draw_key_make(3, order % 10), DRAW_CHOICE, order, 0);
        uint32_t chosen = behaviour_choose(utility, open, OPTIONS, &c);
        ck_assert(chosen == BEHAVIOUR_NOTHING || chosen < OPTIONS);
        seen[chosen == BEHAVIOUR_NOTHING ? OPTIONS : chosen] += 1.0;
    }
    for (uint32_t i = 0; i <= OPTIONS; i++)
        ret_share[i] = seen[i] / VISITS;
}

static void check_share(double share, double exact)
{
    ck_assert_msg(fabs(share - exact) <= 4.0 * sqrt(exact * (1.0 - exact) / VISITS),
                  "a share of %.5f, %.5f expected", share, exact);
}

START_TEST(closed_form)
{
    static const double utility[][OPTIONS] = {{0.0, 0.0, 0.0},
                                              {1.0, -1.0, 0.5},
                                              {-3.0, -4.0, -5.0},
                                              {6.0, 7.0, 2.0}};
    static const bool open[OPTIONS] = {true, true, true};

    for (uint32_t k = 0; k < 4; k++) {
        double share[OPTIONS + 1], sum = 1.0;
        for (uint32_t i = 0; i < OPTIONS; i++)
            sum += exp(utility[k][i]);
        shares(utility[k], open, share);
        for (uint32_t i = 0; i < OPTIONS; i++)
            check_share(share[i], exp(utility[k][i]) / sum);
        check_share(share[OPTIONS], 1.0 / sum);
    }
}
END_TEST

/* Independence of irrelevant alternatives: closing one leaves the ratio of the others, and nobody
 * who chose another changes to a third. */
START_TEST(closing_an_option)
{
    static const double utility[OPTIONS] = {0.7, 0.2, -0.4};
    static const bool all[OPTIONS] = {true, true, true}, two[OPTIONS] = {true, false, true};
    double with[OPTIONS + 1], without[OPTIONS + 1];

    shares(utility, all, with);
    shares(utility, two, without);
    ck_assert_double_eq(without[1], 0.0);
    check_share(without[0], exp(0.7) / (1.0 + exp(0.7) + exp(-0.4)));
    ck_assert_double_eq_tol(with[0] / with[2], without[0] / without[2], 0.1);
}
END_TEST

START_TEST(always_and_never)
{
    static const double always[OPTIONS] = {OMO_UTILITY_ALWAYS, 3.0, -3.0};
    static const double both[OPTIONS] = {OMO_UTILITY_ALWAYS, OMO_UTILITY_ALWAYS, 0.0};
    static const double never[OPTIONS] = {-1e6, -1e6, -1e6};
    static const bool open[OPTIONS] = {true, true, true}, closed[OPTIONS] = {false};
    double share[OPTIONS + 1];

    shares(always, open, share);
    ck_assert_double_eq(share[0], 1.0);
    shares(both, open, share);
    check_share(share[0], 0.5);
    ck_assert_double_eq(share[0] + share[1], 1.0);
    shares(never, open, share);
    ck_assert_double_eq(share[OPTIONS], 1.0);
    shares(always, closed, share);
    ck_assert_double_eq(share[OPTIONS], 1.0);
}
END_TEST

/* Making the last option better moves nobody to one that stands before their own. */
START_TEST(raising_the_last_utility)
{
    static const double before[OPTIONS] = {0.0, 0.0, 0.0}, after[OPTIONS] = {0.0, 0.0, 1.0};
    static const bool open[OPTIONS] = {true, true, true};

    for (uint64_t order = 0; order < VISITS; order++) {
        struct draw_cursor c, d;
        draw_begin(&c, draw_key_make(3, 0), DRAW_CHOICE, order, 0);
        d = c;
        uint32_t a = behaviour_choose(before, open, OPTIONS, &c);
        uint32_t b = behaviour_choose(after, open, OPTIONS, &d);
        if (a == BEHAVIOUR_NOTHING)
            ck_assert(b == a || b == 2);
        else
            ck_assert(b >= a && b < OPTIONS);
    }
}
END_TEST

START_TEST(utility_is_linear)
{
    struct segment s = {.distance_sensitivity = 0.5,
                        .wait_sensitivity = 0.25,
                        .fee_sensitivity = 0.1,
                        .price_sensitivity = 4.0,
                        .missing_sensitivity = 2.0,
                        .utility = {1.0, 1.0}};
    struct channel walk_in = {.kind = channel_find("walk_in"),
                              .mode = mode_registry[mode_find("take_away")]};
    struct channel courier = {.kind = channel_find("app"),
                              .mode = mode_registry[mode_find("courier")]};
    struct behaviour_option o = {.channel = 0, .distance_mm = 3000000, .discount_cents = 250};

    /* 1 - 0.5 x 3 km + 4 x 25 % */
    ck_assert_double_eq_tol(behaviour_utility(&s, &walk_in, &o, 1000), 0.5, 1e-12);
    o = (struct behaviour_option){.channel = 1,
                                  .distance_mm = 3000000, /* the courier travels, not they */
                                  .wait_us = 2 * OMO_US_PER_HOUR,
                                  .fee_cents = 500,
                                  .missing_cents = 500};
    /* 1 - 0.25 x 2 h - 0.1 x 5.00 - 2 x 50 % */
    ck_assert_double_eq_tol(behaviour_utility(&s, &courier, &o, 1000), -1.0, 1e-12);
    ck_assert(isfinite(behaviour_utility(&s, &courier, &o, 0)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("behaviour");
    TCase *tcase = tcase_create("behaviour");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, closed_form);
    tcase_add_test(tcase, closing_an_option);
    tcase_add_test(tcase, always_and_never);
    tcase_add_test(tcase, raising_the_last_utility);
    tcase_add_test(tcase, utility_is_linear);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
