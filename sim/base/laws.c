/* Random variables from keyed words: inversion where it is cheap, rejection where it is not.
 *
 * Inversion turns one uniform into one value and is monotone, so two runs with common random
 * numbers whose laws differ a little get values that differ a little. Exponential, normal,
 * lognormal, Weibull, uniform, triangular and geometric are inverted; gamma (Marsaglia and Tsang,
 * "A simple method for generating gamma variables", ACM TOMS 26, 2000) and Poisson from mean 10 on
 * (Hormann's PTRS, "The transformed rejection method", Insurance: Mathematics and Economics 12,
 * 1993) reject.
 *
 * Tails. A plain 32-bit uniform cuts -log(u) at 22.9 and makes its last values coarse. law_unit
 * therefore looks at the word: below 2^20, or as close to the top, the interval of the word is
 * refined by 53 more bits. That happens once in 2^11 draws and costs nothing else; the smallest
 * value is 2^-85, an exponential of 58, and no law is cut where a simulation could see it.
 *
 * Every path uses only maths.h and IEEE operations, so values have the same bits everywhere. Sizes:
 * an exponential is a quarter Philox block (about 5 ns) and a log; a normal the same and two
 * polynomials of degree 7.
 */
#include "base/laws.h"

#include "base/maths.h"

#define LAW_REFINE_WORD (UINT32_C(1) << 20)
#define LAW_POISSON_SEARCH_MAX 10.0
#define LAW_POISSON_VALUE_MAX 4000000000.0
#define LAW_UNIT_MAX 0x1.fffffffffffffp-1 /* the last double before 1 */
#define LAW_US_MAX ((INT64_C(1) << 62) - 1)

/* word + 1/2 by way of the bits of 2^52 + word. Exact, and it starts from nothing: the conversion
 * instruction waits for what its target register held, which clang does not prevent, so that each
 * exponential would wait for the one before (24 ns instead of 13). */
static inline double law_of_word(uint32_t word)
{
    uint64_t bits = UINT64_C(0x433) << 52 | word;
    double x;

    memcpy(&x, &bits, sizeof(x));
    return x - (0x1p52 - 0.5);
}

/* Uniform in (0, 1): the distance to the nearer end is precise at both ends. Sets *ret_rest to 1 -
 * u without cancellation. */
static inline double law_unit(struct draw_cursor *c, double *ret_rest)
{
    uint32_t word = draw_u32(c);
    double u;

    if (__builtin_expect(word < LAW_REFINE_WORD || word >= UINT32_MAX - LAW_REFINE_WORD, 0)) {
        double below = draw_unit53(c); /* where in the word's interval */

        *ret_rest = ((double)(UINT32_MAX - word) + (1 - below)) * 0x1p-32;
        u = ((double)word + below) * 0x1p-32;
        return u < 1 ? u : LAW_UNIT_MAX;
    }
    u = law_of_word(word) * 0x1p-32;
    *ret_rest = 1 - u; /* exact: u has 33 bits */
    return u;
}

double law_exponential(struct draw_cursor *c)
{
    double rest;

    return -maths_log(law_unit(c, &rest));
}

double law_normal(struct draw_cursor *c)
{
    double rest;
    double u = law_unit(c, &rest);

    return maths_normal_quantile_of(u, rest);
}

/* log(1 - p) for 0 < p < 1 without cancellation (Kahan): the rounding of 1 - p cancels in the
 * quotient. */
static double law_log_complement(double p)
{
    double rest = 1 - p;

    return rest == 1 ? -p : maths_log(rest) * (p / (1 - rest));
}

/* Gamma of the given shape and scale 1. */
static double law_gamma(double shape, struct draw_cursor *c)
{
    double boost = 1;
    double d, k;

    OMO_ASSERT(shape > 0);

    if (shape < 1) {
        boost = maths_exp(-law_exponential(c) / shape);
        shape += 1;
    }
    d = shape - 1.0 / 3;
    k = 1 / maths_sqrt(9 * d);
    for (;;) {
        double z = law_normal(c);
        double v = 1 + k * z;
        double u;

        if (v <= 0)
            continue;
        v = v * v * v;
        u = draw_unit53(c);
        /* The squeeze accepts about 98 % without logarithms. */
        if (u < 1 - 0.0331 * (z * z) * (z * z) ||
            maths_log(u) < 0.5 * z * z + d * (1 - v + maths_log(v)))
            return d * v * boost;
    }
}

static double law_lognormal(double mean, double cv, struct draw_cursor *c)
{
    double variance = maths_log(1 + cv * cv); /* of the log */

    return mean * maths_exp(maths_sqrt(variance) * law_normal(c) - variance / 2);
}

/* The upper tail of the plain normal law is kept and the part below 0 drawn again; mean >= 0, so at
 * most half is rejected. */
static double law_normal_truncated(double mean, double deviation, struct draw_cursor *c)
{
    double x;

    do {
        x = mean + deviation * law_normal(c);
    } while (x < 0);
    return x;
}

static double law_triangular(const omo_law *law, struct draw_cursor *c)
{
    double width = law->c - law->a;
    double rest;
    double u = law_unit(c, &rest);

    if (u * width < law->b - law->a)
        return law->a + maths_sqrt(u * width * (law->b - law->a));
    return law->c - maths_sqrt(rest * width * (law->c - law->b));
}

/* 1 + the number of failures before the first success of probability 1 / mean. */
static double law_geometric(double mean, struct draw_cursor *c)
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
    while (u > p && k < 100) {
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

    if (mean < LAW_POISSON_SEARCH_MAX)
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

double law_draw(const omo_law *law, struct draw_cursor *c)
{
    double rest, variance;

    switch (law->kind) {
    case OMO_LAW_CONSTANT:
        return law->a;
    case OMO_LAW_EXPONENTIAL:
        return law->a * law_exponential(c);
    case OMO_LAW_UNIFORM:
        return law->a + (law->b - law->a) * law_unit(c, &rest);
    case OMO_LAW_ERLANG:
        return law->b == 1 ? law->a * law_exponential(c) : law->a / law->b * law_gamma(law->b, c);
    case OMO_LAW_GAMMA:
        variance = law->b * law->b;
        /* Below that the spread is less than the last digit of the mean. */
        return variance > 1e-30 ? law->a * variance * law_gamma(1 / variance, c) : law->a;
    case OMO_LAW_LOGNORMAL:
        return law_lognormal(law->a, law->b, c);
    case OMO_LAW_NORMAL:
        return law_normal_truncated(law->a, law->b, c);
    case OMO_LAW_WEIBULL:
        /* exp and log instead of pow: a last digit is no matter here, and it is three times as
         * fast. */
        return law->a * maths_exp(maths_log(law_exponential(c)) / law->b);
    case OMO_LAW_TRIANGULAR:
        return law_triangular(law, c);
    case OMO_LAW_POISSON:
        return (double)law_poisson(law->a, c);
    case OMO_LAW_GEOMETRIC:
        return law_geometric(law->a, c);
    case OMO_LAW_KIND_COUNT:
        break;
    }
    core_fail(__FILE__, __LINE__, "a law that omo_law_check let through");
}

int64_t law_draw_us(const omo_law *law, struct draw_cursor *c)
{
    double us = law_draw(law, c) + 0.5;

    if (us >= 0x1p62)
        return LAW_US_MAX;
    return us > 0 ? (int64_t)us : 0;
}
