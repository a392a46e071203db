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

/* ln of McFadden's generating function (1978): 1 + sum over the nests of (sum exp(V / lambda))^lambda;
 * what is in no nest is one of its own with lambda 1. */
static double gev(const struct segment *s, const double *v, const uint8_t *channel, uint32_t count)
{
    double g = 1.0;
    uint32_t nested = 0;

    for (uint32_t n = 0; n < s->nest_count; n++) {
        double sum = 0.0;
        for (uint32_t i = 0; i < count; i++)
            if ((s->nest[n].channel_mask >> channel[i] & 1) != 0)
                sum += exp(v[i] / s->nest[n].lambda);
        g += sum > 0.0 ? pow(sum, s->nest[n].lambda) : 0.0;
        nested |= s->nest[n].channel_mask;
    }
    for (uint32_t i = 0; i < count; i++)
        if ((nested >> channel[i] & 1) == 0)
            g += exp(v[i]);
    return log(g);
}

/* P(i) is the derivative of ln G by V(i), taken by brute force. */
START_TEST(nested_is_the_derivative_of_its_generating_function)
{
    static const double utility[][6] = {{0.5, -1.0, 2.0, 0.0, 0.3, 1.0},
                                        {3.0, 3.0, 3.0, -2.0, 1.0, -4.0}};
    static const uint8_t channel[6] = {0, 1, 1, 2, 3, 4}; /* channel 1 has two places */
    static const bool open[6] = {true, true, true, true, true, true};
    struct segment s = {.nest_count = 2,
                        .nest = {{.channel_mask = 1u << 0 | 1u << 1, .lambda = 0.4},
                                 {.channel_mask = 1u << 2 | 1u << 3, .lambda = 0.85}}};

    for (uint32_t k = 0; k < 2; k++) {
        double v[6], weight[6];
        memcpy(v, utility[k], sizeof(v));
        behaviour_nest(&s, channel, open, 6, v);
        double sum = behaviour_weights(v, open, 6, weight);
        for (uint32_t i = 0; i < 6; i++) {
            const double step = 1e-5;
            double up[6], down[6];
            memcpy(up, utility[k], sizeof(up));
            memcpy(down, utility[k], sizeof(down));
            up[i] += step;
            down[i] -= step;
            double share = (gev(&s, up, channel, 6) - gev(&s, down, channel, 6)) / (2.0 * step);
            ck_assert_double_eq_tol(weight[i] / sum, share, 1e-9);
        }
    }
}
END_TEST

/* Closed alternatives are not there; a nest of one is none; no nest has no say. */
START_TEST(nested_without_some)
{
    static const uint8_t channel[3] = {0, 1, 2};
    static const bool one[3] = {true, false, true};
    struct segment s = {.nest_count = 1, .nest = {{.channel_mask = 3, .lambda = 0.2}}};
    double v[3] = {1.25, 7.0, -0.5};

    behaviour_nest(&s, channel, one, 3, v);
    ck_assert(v[0] == 1.25 && v[1] == 7.0 && v[2] == -0.5);
}
END_TEST

/* Near lambda 1 it is the multinomial logit; near 0 the best of a nest takes all of it; large
 * utilities overflow nowhere. */
START_TEST(nested_at_its_limits)
{
    static const uint8_t channel[3] = {0, 1, 2};
    static const bool open[3] = {true, true, true};
    struct segment s = {.nest_count = 1, .nest = {{.channel_mask = 3, .lambda = 1.0 - 1e-9}}};
    double v[3] = {1.0, 0.5, -0.5}, plain[3], weight[3];

    double plain_sum = behaviour_weights(v, open, 3, plain);
    behaviour_nest(&s, channel, open, 3, v);
    double sum = behaviour_weights(v, open, 3, weight);
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_double_eq_tol(weight[i] / sum, plain[i] / plain_sum, 1e-8);

    s.nest[0].lambda = 1e-300;
    double best[3] = {1.0, 0.5, -0.5};
    behaviour_nest(&s, channel, open, 3, best);
    sum = behaviour_weights(best, open, 3, weight);
    ck_assert_double_eq_tol(weight[0] / sum, exp(1.0) / (1.0 + exp(1.0) + exp(-0.5)), 1e-12);
    ck_assert_double_eq(weight[1], 0.0);

    s.nest[0].lambda = 0.5;
    double large[3] = {OMO_UTILITY_ALWAYS, OMO_UTILITY_ALWAYS, 1e90};
    behaviour_nest(&s, channel, open, 3, large);
    ck_assert(isfinite(large[0]) && large[0] == large[1]);
    sum = behaviour_weights(large, open, 3, weight);
    ck_assert_double_eq(weight[2] / sum, 1.0);
    double small[3] = {-1e90, -1e90, -1e90};
    behaviour_nest(&s, channel, open, 3, small);
    ck_assert_double_eq(behaviour_weights(small, open, 3, weight), 1.0); /* nothing */
}
END_TEST

/* Huff: the ratio of two shops is that of size^a / distance^b, and 10 m are 50 m. */
START_TEST(gravity)
{
    struct segment s = {.gravity = true, .gravity_attraction = 1.5, .gravity_distance = 2.0};
    struct channel walk_in = {.kind = channel_find("walk_in"),
                              .mode = mode_registry[mode_find("take_away")]};
    struct behaviour_option near = {.distance_mm = 1000000, .size_log = log(100.0)},
                            far = {.distance_mm = 3000000, .size_log = log(900.0)},
                            here = {.distance_mm = 10000}, door = {.distance_mm = 50000};

    double ratio = exp(behaviour_utility(&s, &walk_in, &far, 1000) -
                       behaviour_utility(&s, &walk_in, &near, 1000));
    ck_assert_double_eq_tol(ratio, pow(9.0, 1.5) / 9.0, 1e-12);
    ck_assert(behaviour_utility(&s, &walk_in, &here, 1000) ==
              behaviour_utility(&s, &walk_in, &door, 1000));
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
    tcase_add_test(tcase, nested_is_the_derivative_of_its_generating_function);
    tcase_add_test(tcase, nested_without_some);
    tcase_add_test(tcase, nested_at_its_limits);
    tcase_add_test(tcase, gravity);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
