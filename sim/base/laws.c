/* Random variables from keyed words: inversion where it is cheap, rejection where it is not.
 *
 * Inversion turns one uniform into one value and is monotone, so two runs with common random
 * numbers whose laws differ a little get values that differ a little. Exponential, normal,
 * lognormal, Weibull, uniform and triangular are inverted; gamma (Marsaglia and Tsang, "A simple
 * method for generating gamma variables", ACM TOMS 26, 2000) rejects, and a beta variable is made of
 * two of them. Whole numbers are in laws_whole.c, tables in empirical.h.
 *
 * Tails. A plain 32-bit uniform cuts -log(u) at 22.9 and makes its last values coarse. law_unit
 * therefore looks at the word: below 2^20, or as close to the top, the interval of the word is
 * refined by 53 more bits. That happens once in 2^11 draws and costs nothing else; the smallest
 * value is 2^-85, an exponential of 58, and no law is cut where a simulation could see it.
 *
 * Every path uses only maths.h and IEEE operations, so values have the same bits everywhere. Sizes:
 * an exponential is a quarter Philox block (about 2.5 ns) and a log (5 ns); a normal the same and
 * two polynomials of degree 7. Exponentials by the thousand: batch.h.
 */
#include "base/laws.h"

#include "base/empirical.h"

#define LAW_UNIT_MAX 0x1.fffffffffffffp-1 /* the last double before 1 */

double law_unit_refined(uint32_t word, double below)
{
    double u = ((double)word + below) * 0x1p-32;

    return u < 1 ? u : LAW_UNIT_MAX;
}

double law_exponential_refined(uint32_t word, double below)
{
    return -maths_log(law_unit_refined(word, below));
}

double law_normal(struct draw_cursor *c)
{
    double rest;
    double u = law_unit(c, &rest);

    return maths_normal_quantile_of(u, rest);
}

double law_gamma(double shape, struct draw_cursor *c)
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

/* log of a gamma variable: of a small shape most values are below the least double. */
static double law_gamma_log(double shape, struct draw_cursor *c)
{
    double boost = shape < 1 ? law_exponential(c) / shape : 0;

    return maths_log(law_gamma(shape < 1 ? shape + 1 : shape, c)) - boost;
}

/* A share of two gamma variables in their sum. */
static double law_beta(double alpha, double beta, struct draw_cursor *c)
{
    double x, y;

    if (alpha >= 1 && beta >= 1) {
        x = law_gamma(alpha, c);
        y = law_gamma(beta, c);
        return x / (x + y);
    }
    x = law_gamma_log(alpha, c);
    y = law_gamma_log(beta, c);
    return 1 / (1 + maths_exp(y - x));
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
    case OMO_LAW_BETA:
        return law->a * law_beta(law->b, law->c, c);
    case OMO_LAW_BINOMIAL:
        return law_binomial(law->a, law->b, c);
    case OMO_LAW_NEGATIVE_BINOMIAL:
        return law_negative_binomial(law->a, law->b, c);
    case OMO_LAW_ZIPF:
        return law_zipf(law->a, law->b, c);
    case OMO_LAW_EMPIRICAL:
        return empirical_draw(law->table, c);
    case OMO_LAW_KIND_COUNT:
        break;
    }
    core_fail(__FILE__, __LINE__, "a law that omo_law_check let through");
}

int64_t law_draw_us(const omo_law *law, struct draw_cursor *c)
{
    return law_round_us(law_draw(law, c));
}
