/* Low-discrepancy sequences and quantiles.
 *
 * A generated network must be the same on every machine, since the digest of a run depends on it.
 * Random numbers would do, keyed; but a made-up assortment of twenty products should look like the
 * law it was given, and twenty random prices do not. Multiples of the golden ratio (a Kronecker
 * sequence, in 64-bit integers and so exact) fill the unit interval as evenly as a sequence can;
 * their two-dimensional kin (R2, after the plastic number; Martin Roberts 2018) fills a square, and
 * what falls outside the circle is skipped: a disc without sine and cosine.
 *
 * libm's exp, log and pow differ in their last bit between systems. Here 2^x is a product of square
 * roots of two, and log2 the classic squaring of the mantissa: multiplication, square root and
 * comparison are exact in IEEE 754, and there is no sum that a compiler might fuse into a product.
 * That holds for quasi_zipf(), whose result goes into the model as it is. quasi_quantile() has
 * sums too (Acklam's rational function for the normal law, relative error 1.15e-9); a fused one can
 * move its last bit, so callers round its result coarsely. About 50 square roots a value: 10,000
 * products take a few milliseconds.
 */
#include "scenario/quasi.h"

#include <math.h>

#define QUASI_BITS 52

static const double quasi_ln2 = 0.69314718055994530942;

uint64_t quasi_fraction(uint64_t i) { return (i + 1) * UINT64_C(0x9E3779B97F4A7C15); }

/* The sequence R of as many dimensions: multiples of 1/g, 1/g^2, ... where g^(d+1) = g + 1
 * (Roberts, as above). Newton from above converges in a few steps; multiplication and division are
 * exact enough in IEEE 754 to be the same everywhere. */
uint64_t quasi_coordinate(uint64_t i, uint32_t dimension, uint32_t dimensions)
{
    double g = 2, share = 1;

    for (int step = 0; step < 20; step++) {
        double power = 1;
        for (uint32_t d = 0; d < dimensions; d++)
            power *= g;
        g -= (power * g - g - 1) / ((dimensions + 1) * power - 1);
    }
    for (uint32_t d = 0; d <= dimension; d++)
        share /= g;
    return (i + 1) * (uint64_t)(share * 18446744073709551616.0);
}

/* In (0, 1), both ends excluded: the middle of the fraction's cell of 2^-52. */
static double quasi_unit(uint64_t fraction)
{
    return ((double)(fraction >> 12) + 0.5) / 4503599627370496.0;
}

/* log2 of x > 0. */
static double quasi_log2(double x)
{
    int exponent;
    double mantissa = 2 * frexp(x, &exponent); /* in [1, 2) */
    int64_t bits = 0;

    for (int i = 0; i < QUASI_BITS; i++) {
        mantissa *= mantissa;
        bits *= 2;
        if (mantissa >= 2) {
            mantissa /= 2;
            bits++;
        }
    }
    return (double)(exponent - 1) + ldexp((double)bits, -QUASI_BITS);
}

static double quasi_exp2(double x)
{
    double whole = floor(x);
    double part = x - whole;
    double root = 2, product = 1;

    for (int i = 0; i < QUASI_BITS; i++) {
        root = sqrt(root);
        part *= 2;
        if (part >= 1) {
            part -= 1;
            product *= root;
        }
    }
    return ldexp(product, (int)whole);
}

/* Quantile of the standard normal law (Peter Acklam's rational approximation). */
static double quasi_normal(double p)
{
    static const double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                               -2.759285104469687e+02, 1.383577518672690e+02,
                               -3.066479806614716e+01, 2.506628277459239e+00};
    static const double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                               -1.556989798598866e+02, 6.680131188771972e+01,
                               -1.328068155288572e+01};
    static const double c[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                               -2.400758277161838e+00, -2.549732539343734e+00,
                               4.374664141464968e+00,  2.938163982698783e+00};
    static const double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                               3.754408661907416e+00};
    const double low = 0.02425;

    if (p > 0.5)
        return -quasi_normal(1 - p);
    if (p < low) {
        double q = sqrt(-2 * quasi_ln2 * quasi_log2(p));
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
               ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    }
    double q = p - 0.5, r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

static double quasi_triangular(const omo_law *law, double p)
{
    double width = law->c - law->a;

    if (width <= 0)
        return law->a;
    if (p < (law->b - law->a) / width)
        return law->a + sqrt(p * width * (law->b - law->a));
    return law->c - sqrt((1 - p) * width * (law->c - law->b));
}

bool quasi_quantile(const omo_law *law, uint64_t fraction, double *ret_value)
{
    double p = quasi_unit(fraction), log2_variance;

    switch (law->kind) {
    case OMO_LAW_CONSTANT:
        *ret_value = law->a;
        return true;
    case OMO_LAW_UNIFORM:
        *ret_value = law->a + p * (law->b - law->a);
        return true;
    case OMO_LAW_TRIANGULAR:
        *ret_value = quasi_triangular(law, p);
        return true;
    case OMO_LAW_EXPONENTIAL:
        *ret_value = -law->a * quasi_ln2 * quasi_log2(p);
        return true;
    case OMO_LAW_WEIBULL:
        *ret_value = law->a * quasi_exp2(quasi_log2(-quasi_ln2 * quasi_log2(p)) / law->b);
        return true;
    case OMO_LAW_NORMAL:
        *ret_value = fmax(0, law->a + law->b * quasi_normal(p));
        return true;
    case OMO_LAW_LOGNORMAL: /* sigma^2 = ln(1 + cv^2), the mean is exp(mu + sigma^2 / 2) */
        log2_variance = quasi_log2(1 + law->b * law->b);
        *ret_value = law->a * quasi_exp2(sqrt(log2_variance / quasi_ln2) * quasi_normal(p) -
                                         log2_variance / 2);
        return true;
    default:
        return false;
    }
}

double quasi_zipf(double rank, double exponent)
{
    volatile double power = -exponent * quasi_log2(rank); /* not fused with what exp2 subtracts */

    return quasi_exp2(power);
}

void quasi_disc(uint64_t *cursor, double *ret_x, double *ret_y)
{
    for (;;) {
        uint64_t i = ++*cursor;
        double x = 2 * quasi_unit(i * UINT64_C(0xC13FA9A902A6328F)) - 1;
        double y = 2 * quasi_unit(i * UINT64_C(0x91E10DA5C79E7B1C)) - 1;
        double x_square = x * x;
        if (x_square + y * y < 1) {
            *ret_x = x;
            *ret_y = y;
            return;
        }
    }
}
