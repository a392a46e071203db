/* Whole numbers from keyed words, exact and in constant time whatever the parameters.
 *
 * Small means are inverted by a search from 0, whose steps are as many as the value. From mean 10 on
 * Poisson and binomial variables reject from a hat that is a transformed uniform: PTRS and BTRS of
 * Hormann ("The transformed rejection method for generating Poisson random variables", Insurance:
 * Mathematics and Economics 12, 1993; "The generation of binomial random variates", Journal of
 * Statistical Computation and Simulation 46, 1993), about 1.2 pairs of uniforms a value. A negative
 * binomial variable is a Poisson one with a gamma mean. Geometric is an exponential rounded down.
 *
 * Zipf is rejection-inversion (Hormann and Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", ACM TOMACS 6, 1996): the area below x^-s is inverted, which is
 * one power, and the bar of rank k is cut from it; nothing depends on the number of ranks. Their
 * quick acceptance is left out: it needs a constant that costs as much as the one test it saves, and
 * a law has no place to keep one.
 *
 * Chi-square cannot tell any of these from their distributions; what is not exact is the rounding of
 * logarithms of factorials in an acceptance test, 10^-6 of a probability at a mean of 10^9.
 */
#include "base/laws.h"

#define LAW_SEARCH_MEAN_MAX 10.0
#define LAW_SEARCH_VALUE_MAX 100
#define LAW_POISSON_VALUE_MAX 4000000000.0

/* log(1 - p) for p below 1 without cancellation near 0 (Kahan): the rounding of 1 - p cancels in the
 * quotient. */
static double law_log_complement(double p)
{
    double rest = 1 - p;

    return rest == 1 ? -p : maths_log(rest) * (p / (1 - rest));
}

/* 1 + the number of failures before the first success of probability 1 / mean. */
double law_geometric(double mean, struct draw_cursor *c)
{
    if (mean <= 1)
        return 1;
    return 1 + maths_floor(law_exponential(c) / -law_log_complement(1 / mean));
}

/* log(k!) for whole k >= 10, to 1e-11 by three terms of Stirling's series; exact enough for an
 * acceptance test. */
static double law_log_factorial(double k)
{
    static const double small[] = {
        0,
        0,
        0.69314718055994531,
        1.79175946922805500,
        3.17805383034794562,
        4.78749174278204599,
        6.57925121201010100,
        8.52516136106541430,
        10.60460290274525023,
        12.80182748008146961,
    };
    double inverse;

    if (k < 10)
        return small[(uint32_t)k];
    inverse = 1 / k;
    return (k + 0.5) * maths_log(k) - k + 0.91893853320467274 +
           inverse *
               (1.0 / 12 - inverse * inverse * (1.0 / 360 - inverse * inverse * (1.0 / 1260)));
}

/* Sequential search from 0: the expected number of steps is the mean. */
static uint32_t law_poisson_search(double mean, struct draw_cursor *c)
{
    double rest;
    double u = law_unit(c, &rest);
    double p = maths_exp(-mean);
    uint32_t k = 0;

    /* In the far tail the remainder of u can be rounding error that no term takes up; p falls below
     * it by k = 100. */
    while (u > p && k < LAW_SEARCH_VALUE_MAX) {
        u -= p;
        k++;
        p *= mean / (double)k;
    }
    return k;
}

uint32_t law_poisson(double mean, struct draw_cursor *c)
{
    double root, b, a, inverse_alpha, v_squeeze;

    OMO_ASSERT(mean >= 0);
    OMO_ASSERT(mean < 1e9);

    if (mean < LAW_SEARCH_MEAN_MAX)
        return mean > 0 ? law_poisson_search(mean, c) : 0;
    /* The constants' names are the paper's. */
    root = maths_sqrt(mean);
    b = 0.931 + 2.53 * root;
    a = -0.059 + 0.02483 * b;
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    v_squeeze = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = draw_unit53(c) - 0.5;
        double v = draw_unit53(c);
        double us = 0.5 - (u < 0 ? -u : u);
        double k = maths_floor((2 * a / us + b) * u + mean + 0.43);

        if (us >= 0.07 && v <= v_squeeze)
            return (uint32_t)k;
        if (k < 0 || k > LAW_POISSON_VALUE_MAX || (us < 0.013 && v > us))
            continue;
        if (maths_log(v * inverse_alpha / (a / (us * us) + b)) <=
            k * maths_log(mean) - mean - law_log_factorial(k))
            return (uint32_t)k;
    }
}

double law_negative_binomial(double mean, double size, struct draw_cursor *c)
{
    return mean > 0 ? law_poisson(mean / size * law_gamma(size, c), c) : 0;
}

/* ---- binomial -------------------------------------------------------------------------------- */

static double law_binomial_search(double trials, double p, struct draw_cursor *c)
{
    double odds = p / (1 - p);
    double share = maths_exp(trials * law_log_complement(p));
    double rest;
    double u = law_unit(c, &rest);
    double k = 0;

    while (u > share && k < trials && k < LAW_SEARCH_VALUE_MAX) {
        u -= share;
        k++;
        share *= odds * (trials - k + 1) / k;
    }
    return k;
}

/* log(k!) less Stirling's leading terms (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2. */
static double law_stirling_rest(double k)
{
    double x = k + 1;
    double inverse = 1 / x;

    if (k < 10)
        return law_log_factorial(k) - ((k + 0.5) * maths_log(x) - x + 0.91893853320467274);
    return inverse *
           (1.0 / 12 - inverse * inverse * (1.0 / 360 - inverse * inverse * (1.0 / 1260)));
}

/* log P(k) / P(mode). The leading terms stand in quotients near 1, so that nothing large cancels. */
static double law_binomial_log_ratio(double trials, double odds, double mode, double k)
{
    double mode_rest = trials - mode + 1;
    double k_rest = trials - k + 1;

    return (mode + 0.5) * maths_log((mode + 1) / (odds * mode_rest)) +
           (trials + 1) * maths_log(mode_rest / k_rest) +
           (k + 0.5) * maths_log(odds * k_rest / (k + 1)) + law_stirling_rest(mode) +
           law_stirling_rest(trials - mode) - law_stirling_rest(k) - law_stirling_rest(trials - k);
}

/* BTRS for p <= 1/2 and a mean of at least 10; the constants' names are the paper's. */
static double law_binomial_reject(double trials, double p, struct draw_cursor *c)
{
    double root = maths_sqrt(trials * p * (1 - p));
    double b = 1.15 + 2.53 * root;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double center = trials * p + 0.5;
    double alpha = (2.83 + 5.1 / b) * root;
    double v_squeeze = 0.92 - 4.2 / b;
    double odds = p / (1 - p);
    double mode = maths_floor((trials + 1) * p);

    for (;;) {
        double u = draw_unit53(c) - 0.5;
        double v = draw_unit53(c);
        double us = 0.5 - (u < 0 ? -u : u);
        double k = maths_floor((2 * a / us + b) * u + center);

        if (us >= 0.07 && v <= v_squeeze)
            return k;
        if (k < 0 || k > trials)
            continue;
        if (maths_log(v * alpha / (a / (us * us) + b)) <=
            law_binomial_log_ratio(trials, odds, mode, k))
            return k;
    }
}

double law_binomial(double trials, double probability, struct draw_cursor *c)
{
    bool turned = probability > 0.5;
    double p = turned ? 1 - probability : probability; /* exact: 1/2 and more from 1 */
    double k = 0;

    OMO_ASSERT(trials >= 0);
    OMO_ASSERT(probability >= 0 && probability <= 1);

    if (trials > 0 && p > 0)
        k = trials * p < LAW_SEARCH_MEAN_MAX ? law_binomial_search(trials, p, c)
                                             : law_binomial_reject(trials, p, c);
    return turned ? trials - k : k;
}

/* ---- Zipf ------------------------------------------------------------------------------------ */

double law_exp_quotient(double t)
{
    if (t > -0.05 && t < 0.05)
        return 1 +
               t / 2 *
                   (1 +
                    t / 3 * (1 + t / 4 * (1 + t / 5 * (1 + t / 6 * (1 + t / 7 * (1 + t / 8))))));
    return (maths_exp(t) - 1) / t;
}

/* log(1 + t) / t, which is 1 at 0. */
static double law_log_quotient(double t) { return t == 0 ? 1 : law_log_complement(-t) / t; }

/* The integral of x^-exponent from 1 to x, and its inverse. */
static double law_zipf_area(double x, double exponent)
{
    double log_x = maths_log(x);

    return log_x * law_exp_quotient((1 - exponent) * log_x);
}

static double law_zipf_area_inverse(double area, double exponent)
{
    double t = area * (1 - exponent);

    return maths_exp(area * law_log_quotient(t > -1 ? t : -1));
}

double law_zipf(double ranks, double exponent, struct draw_cursor *c)
{
    double low = law_zipf_area(1.5, exponent) - 1; /* the bar of rank 1 is whole */
    double high = law_zipf_area(ranks + 0.5, exponent);

    OMO_ASSERT(ranks >= 1);
    OMO_ASSERT(exponent >= 0);

    for (;;) {
        double area = high + draw_unit53(c) * (low - high);
        double k = maths_floor(law_zipf_area_inverse(area, exponent) + 0.5);

        k = k < 1 ? 1 : k > ranks ? ranks : k;
        if (area >= law_zipf_area(k + 0.5, exponent) - maths_exp(-exponent * maths_log(k)))
            return k;
    }
}
