/* Distribution functions from libm and textbook series; moments as literals or quotients. */
#include "base/law_cases.h"

#include <math.h>
#include <stddef.h>

/* Regularised lower incomplete gamma function by its power series. */
static double gamma_below(double shape, double x)
{
    double term = 1 / shape, sum = term;

    for (double n = 1; n < 2000 && term > sum * 1e-17; n++) {
        term *= x / (shape + n);
        sum += term;
    }
    return x <= 0 ? 0 : exp(shape * log(x) - x - lgamma(shape)) * sum;
}

static double normal_below(double z) { return erfc(-z / sqrt(2)) / 2; }

static double below_exponential(const omo_law *law, double x) { return -expm1(-x / law->a); }

static double below_uniform(const omo_law *law, double x)
{
    return (x - law->a) / (law->b - law->a);
}

static double below_erlang(const omo_law *law, double x)
{
    return gamma_below(law->b, x * law->b / law->a);
}

static double below_gamma(const omo_law *law, double x)
{
    return gamma_below(1 / (law->b * law->b), x / (law->a * law->b * law->b));
}

static double below_lognormal(const omo_law *law, double x)
{
    double s = sqrt(log1p(law->b * law->b));

    return normal_below((log(x / law->a) + s * s / 2) / s);
}

static double below_normal(const omo_law *law, double x)
{
    double cut = normal_below(-law->a / law->b);

    return (normal_below((x - law->a) / law->b) - cut) / (1 - cut);
}

static double below_weibull(const omo_law *law, double x)
{
    return -expm1(-pow(x / law->a, law->b));
}

static double below_triangular(const omo_law *law, double x)
{
    if (x < law->b)
        return (x - law->a) * (x - law->a) / ((law->c - law->a) * (law->b - law->a));
    return 1 - (law->c - x) * (law->c - x) / ((law->c - law->a) * (law->c - law->b));
}

/* Regularised incomplete beta function: the series of Pearson around 0, for x up to 1/2. */
static double beta_series(double a, double b, double x)
{
    double term = 1 / a, sum = term;

    for (double n = 1; n < 10000 && fabs(term) > sum * 1e-17; n++) {
        term *= (a + b + n - 1) / (a + n) * x;
        sum += term;
    }
    return exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) * sum;
}

static double below_beta(const omo_law *law, double value)
{
    double x = value / law->a;

    if (x <= 0 || x >= 1)
        return x >= 1;
    return x <= 0.5 ? beta_series(law->b, law->c, x) : 1 - beta_series(law->c, law->b, 1 - x);
}

static double share_poisson(const omo_law *law, double k)
{
    long double mean = (long double)law->a;

    return (double)expl((long double)k * logl(mean) - mean - lgammal((long double)k + 1));
}

static double share_geometric(const omo_law *law, double k)
{
    return k < 1 ? 0 : 1 / law->a * pow(1 - 1 / law->a, k - 1);
}

static double share_binomial(const omo_law *law, double k)
{
    long double n = (long double)law->a, p = (long double)law->b, x = (long double)k;

    if (k > law->a)
        return 0;
    return (double)expl(lgammal(n + 1) - lgammal(x + 1) - lgammal(n - x + 1) + x * logl(p) +
                        (n - x) * log1pl(-p));
}

static double share_negative_binomial(const omo_law *law, double k)
{
    long double m = (long double)law->a, r = (long double)law->b, x = (long double)k;

    return (double)expl(lgammal(x + r) - lgammal(r) - lgammal(x + 1) + r * logl(r / (r + m)) +
                        x * logl(m / (r + m)));
}

static double share_zipf(const omo_law *law, double k)
{
    static const omo_law *of;
    static double sum;

    if (of != law) {
        sum = 0;
        for (double i = law->a; i >= 1; i--)
            sum += pow(i, -law->b);
        of = law;
    }
    return k < 1 || k > law->a ? 0 : pow(k, -law->b) / sum;
}

#define NEITHER NULL, NULL
#define BELOW(kind) below_##kind, NULL
#define SHARE(kind) NULL, share_##kind

const struct law_case law_cases[] = {
    {{OMO_LAW_CONSTANT, 7.5, 0, 0}, 7.5, 0, NEITHER},
    {{OMO_LAW_EXPONENTIAL, 3, 0, 0}, 3, 9, BELOW(exponential)},
    {{OMO_LAW_UNIFORM, 2, 8, 0}, 5, 3, BELOW(uniform)},
    {{OMO_LAW_ERLANG, 6, 1, 0}, 6, 36, BELOW(erlang)},
    {{OMO_LAW_ERLANG, 6, 3, 0}, 6, 12, BELOW(erlang)},
    {{OMO_LAW_ERLANG, 1, 40, 0}, 1, 0.025, BELOW(erlang)},
    {{OMO_LAW_ERLANG, 6, 1000, 0}, 6, 0.036, BELOW(erlang)},
    {{OMO_LAW_GAMMA, 5, 0.5, 0}, 5, 6.25, BELOW(gamma)},
    {{OMO_LAW_GAMMA, 5, 1.8, 0}, 5, 81, BELOW(gamma)},
    {{OMO_LAW_GAMMA, 5, 4, 0}, 5, 400, BELOW(gamma)},
    {{OMO_LAW_GAMMA, 5, 0, 0}, 5, 0, NEITHER},
    {{OMO_LAW_LOGNORMAL, 4, 0.5, 0}, 4, 4, BELOW(lognormal)},
    {{OMO_LAW_LOGNORMAL, 4, 0, 0}, 4, 0, NEITHER},
    {{OMO_LAW_NORMAL, 10, 2, 0}, 10, 4, BELOW(normal)},
    {{OMO_LAW_WEIBULL, 3, 1, 0}, 3, 9, BELOW(weibull)},
    /* sqrt(pi), 4 - pi */
    {{OMO_LAW_WEIBULL, 2, 2, 0}, 1.7724538509055159, 0.8584073464102069, BELOW(weibull)},
    {{OMO_LAW_WEIBULL, 3, 0.5, 0}, 6, 180, BELOW(weibull)},
    {{OMO_LAW_TRIANGULAR, 1, 2, 6}, 3, 7.0 / 6, BELOW(triangular)},
    {{OMO_LAW_TRIANGULAR, 1, 1, 4}, 2, 0.5, BELOW(triangular)},
    {{OMO_LAW_TRIANGULAR, 1, 6, 6}, 13.0 / 3, 25.0 / 18, BELOW(triangular)},
    {{OMO_LAW_TRIANGULAR, 3, 3, 3}, 3, 0, NEITHER},
    {{OMO_LAW_BETA, 1, 2, 3}, 0.4, 0.04, BELOW(beta)},
    {{OMO_LAW_BETA, 10, 1, 1}, 5, 100.0 / 12, BELOW(beta)},
    {{OMO_LAW_BETA, 1, 0.5, 0.5}, 0.5, 0.125, BELOW(beta)},
    {{OMO_LAW_BETA, 3, 0.7, 4}, 3 * 0.7 / 4.7, 9 * 2.8 / (4.7 * 4.7 * 5.7), BELOW(beta)},
    {{OMO_LAW_BETA, 1, 30, 200}, 3.0 / 23, 6000.0 / (52900.0 * 231), BELOW(beta)},
    {{OMO_LAW_BETA, 1, 0.01, 0.03}, 0.25, 0.0003 / (0.0016 * 1.04), NEITHER},
    {{OMO_LAW_POISSON, 0, 0, 0}, 0, 0, NEITHER},
    {{OMO_LAW_POISSON, 0.3, 0, 0}, 0.3, 0.3, SHARE(poisson)},
    {{OMO_LAW_POISSON, 9.9, 0, 0}, 9.9, 9.9, SHARE(poisson)},
    {{OMO_LAW_POISSON, 10, 0, 0}, 10, 10, SHARE(poisson)},
    {{OMO_LAW_POISSON, 14.5, 0, 0}, 14.5, 14.5, SHARE(poisson)},
    {{OMO_LAW_POISSON, 350, 0, 0}, 350, 350, SHARE(poisson)},
    {{OMO_LAW_POISSON, 200000, 0, 0}, 200000, 200000, SHARE(poisson)},
    {{OMO_LAW_POISSON, 1e6, 0, 0}, 1e6, 1e6, NEITHER},
    {{OMO_LAW_GEOMETRIC, 1, 0, 0}, 1, 0, NEITHER},
    {{OMO_LAW_GEOMETRIC, 2.5, 0, 0}, 2.5, 3.75, SHARE(geometric)},
    {{OMO_LAW_GEOMETRIC, 40, 0, 0}, 40, 1560, SHARE(geometric)},
    {{OMO_LAW_GEOMETRIC, 1e6, 0, 0}, 1e6, 1e12 - 1e6, NEITHER},
    {{OMO_LAW_BINOMIAL, 0, 0.5, 0}, 0, 0, NEITHER},
    {{OMO_LAW_BINOMIAL, 12, 1, 0}, 12, 0, NEITHER},
    {{OMO_LAW_BINOMIAL, 1, 0.3, 0}, 0.3, 0.21, SHARE(binomial)},
    {{OMO_LAW_BINOMIAL, 9, 0.5, 0}, 4.5, 2.25, SHARE(binomial)},
    {{OMO_LAW_BINOMIAL, 20, 0.5, 0}, 10, 5, SHARE(binomial)},
    {{OMO_LAW_BINOMIAL, 21, 0.9, 0}, 18.9, 1.89, SHARE(binomial)},
    {{OMO_LAW_BINOMIAL, 40, 0.28, 0}, 11.2, 8.064, SHARE(binomial)},
    {{OMO_LAW_BINOMIAL, 500, 0.75, 0}, 375, 93.75, SHARE(binomial)},
    {{OMO_LAW_BINOMIAL, 1e8, 1e-7, 0}, 10, 10 - 1e-6, SHARE(binomial)},
    {{OMO_LAW_BINOMIAL, 9e8, 0.4, 0}, 3.6e8, 2.16e8, NEITHER},
    {{OMO_LAW_NEGATIVE_BINOMIAL, 0, 1, 0}, 0, 0, NEITHER},
    {{OMO_LAW_NEGATIVE_BINOMIAL, 2, 0.5, 0}, 2, 10, SHARE(negative_binomial)},
    {{OMO_LAW_NEGATIVE_BINOMIAL, 7, 3, 0}, 7, 70.0 / 3, SHARE(negative_binomial)},
    {{OMO_LAW_NEGATIVE_BINOMIAL, 120, 25, 0}, 120, 696, SHARE(negative_binomial)},
    {{OMO_LAW_NEGATIVE_BINOMIAL, 20, 1e6, 0}, 20, 20.0004, SHARE(negative_binomial)},
    {{OMO_LAW_ZIPF, 1, 2, 0}, 1, 0, NEITHER},
    {{OMO_LAW_ZIPF, 2, 1, 0}, 4.0 / 3, 2.0 / 9, SHARE(zipf)},
    {{OMO_LAW_ZIPF, 6, 0, 0}, 3.5, 35.0 / 12, SHARE(zipf)},
    {{OMO_LAW_ZIPF, 3, 2, 0}, 66.0 / 49, 108.0 / 49 - 4356.0 / 2401, SHARE(zipf)},
    {{OMO_LAW_ZIPF, 1e6, 0, 0}, 500000.5, (1e12 - 1) / 12, NEITHER},
    {{OMO_LAW_ZIPF, 1e8, 0, 0}, 50000000.5, (1e16 - 1) / 12, NEITHER},
    /* n / H and n (n + 1) / 2H - mean^2, H the 1000th harmonic number */
    {{OMO_LAW_ZIPF, 1000, 1, 0},
     1000 / 7.4854708605503449,
     500500 / 7.4854708605503449 - 1e6 / (7.4854708605503449 * 7.4854708605503449),
     SHARE(zipf)},
};

const int law_case_count = (int)(sizeof(law_cases) / sizeof(law_cases[0]));
