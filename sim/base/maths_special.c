/* Special functions that statistics needs, by series that cannot cancel.
 *
 * The derivatives of log-gamma come from Stirling's series, with arguments below 12 first moved up by
 * the recurrence. The incomplete gamma function is a series of positive terms below its mean and a
 * continued fraction above. Numbers of formulas: Abramowitz and Stegun, Handbook of Mathematical
 * Functions, 1964.
 *
 * The hypergeometric series with positive arguments is a sum of positive terms, each from the one
 * before by one factor, so its relative error is that of the factors: some 4 ulp a term before the
 * largest one. It is summed until what is left cannot matter: from there on the ratio of
 * neighbouring terms is at most q < 1 and the rest at most term q / (1 - q). Transformations to
 * 1 - z would need fewer terms near z = 1 and differences of gamma functions that cancel where
 * c - a - b is near a whole number; nothing here comes so near to 1 that it would pay.
 */
#include "base/maths.h"

#define MATHS_TERMS_MAX 100000000
#define MATHS_ASYMPTOTIC 12.0 /* from here on, eight terms of Stirling's series do */

double maths_digamma(double x)
{
    double shift = 0, y;

    OMO_ASSERT(x > 0);
    for (; x < MATHS_ASYMPTOTIC; x += 1)
        shift += 1 / x;
    /* Abramowitz and Stegun 6.3.18. */
    y = 1 / (x * x);
    y *= 1.0 / 12 -
         y * (1.0 / 120 -
              y * (1.0 / 252 -
                   y * (1.0 / 240 - y * (1.0 / 132 - y * (691.0 / 32760 - y * (1.0 / 12))))));
    return maths_log(x) - 0.5 / x - y - shift;
}

double maths_trigamma(double x)
{
    double shift = 0, y;

    OMO_ASSERT(x > 0);
    for (; x < MATHS_ASYMPTOTIC; x += 1)
        shift += 1 / (x * x);
    /* Abramowitz and Stegun 6.4.12. */
    y = 1 / (x * x);
    y *= 1.0 / 6 -
         y * (1.0 / 30 -
              y * (1.0 / 42 - y * (1.0 / 30 - y * (5.0 / 66 - y * (691.0 / 2730 - y * 7.0 / 6)))));
    return shift + (1 + 0.5 / x + y) / x;
}

double maths_gamma_upper(double a, double x)
{
    double scale, term, sum, b, c, d;

    OMO_ASSERT(a > 0 && x >= 0);
    if (x <= 0)
        return 1;
    scale = maths_exp(a * maths_log(x) - x - maths_log_gamma(a));
    if (x < a + 1) { /* the series of the lower part */
        term = sum = 1 / a;
        for (uint32_t n = 1; n < MATHS_TERMS_MAX && term > 0x1p-54 * sum; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return scale * sum < 1 ? 1 - scale * sum : 0;
    }
    /* The continued fraction of the upper part (6.5.31), by Lentz's method. */
    b = x + 1 - a;
    c = 1e300;
    sum = d = 1 / b;
    for (uint32_t n = 1; n < MATHS_TERMS_MAX; n++) {
        const double factor = -(double)n * (n - a);
        double change;

        b += 2;
        d = 1 / (factor * d + b);
        c = b + factor / c;
        change = c * d;
        sum *= change;
        if (change - 1 <= 0x1p-52 && 1 - change <= 0x1p-52)
            break;
    }
    return scale * sum;
}

double maths_hypergeometric(double a, double b, double c, double z)
{
    double term = 1, sum = 1;

    OMO_ASSERT(a > 0 && b > 0 && c > 0);
    OMO_ASSERT(z >= 0 && z < 1);
    for (uint32_t n = 0; n < MATHS_TERMS_MAX; n++) {
        const double ratio = (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        double limit;

        term *= ratio;
        sum += term;
        /* No later ratio is larger: each of the two quotients goes to 1 from its side. */
        limit = z * (a > c ? (a + n) / (c + n) : 1) * (b > 1 ? (b + n) / (n + 1.0) : 1);
        if (limit < 1 && term * limit <= 0x1p-54 * (1 - limit) * sum)
            break;
    }
    return sum;
}
