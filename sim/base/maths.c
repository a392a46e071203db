/* exp, log, pow, sqrt and floor with the same bits on every machine.
 *
 * Only IEEE 754 additions, multiplications, divisions and square roots are used, each correctly
 * rounded and in a fixed order; with -ffp-contract=off no compiler may fuse or reorder them, so the
 * bits depend on nothing else. There are no tables: each function reduces its argument to a short
 * interval around the neutral point and evaluates one polynomial. The coefficients interpolate the
 * function at Chebyshev nodes, computed with 70 digits and rounded; that is within a factor 2 of
 * the minimax error, which stands beside each set. The error of every function is below 1 ulp
 * (tests: 10^6 arguments against long double), since the polynomial is always a small correction to
 * an exact leading term.
 *
 * exp(x) = 2^k exp(r), r = x - k ln 2, |r| <= ln 2 / 2. Splitting ln 2 into a 42-bit head and a
 * tail makes k * head exact.
 *
 * log(x) = k ln 2 + log(1 + f), with s = f / (2 + f): log(1 + f) = 2 artanh(s) = f - s (f - R), an
 * odd series in s. This is the reduction of fdlibm (Sun Microsystems, 1993); polynomials and code
 * are our own.
 *
 * pow(x, y) = exp(y log x) needs the logarithm to about 65 bits, as y log x may be 745 and its
 * absolute error becomes the relative error of the result. So log is repeated in double-double
 * arithmetic (Dekker, "A floating-point technique for extending the available precision", 1971):
 * head and tail of s, of the cubic term and of the sum. FMA would make it faster where the
 * processor has it, and different where it has not.
 *
 * Another way tried: a table of 128 values of 2^(i/128) saves five multiplications in exp; it costs
 * 2 KB of a first-level cache that the model's columns use better.
 */
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#include <float.h>

#include "base/maths_log.h"

static_assert(FLT_EVAL_METHOD == 0,
              "doubles are evaluated as doubles; x87 arithmetic would change results");

#define MATHS_INFINITY ((double)__builtin_inf())
#define MATHS_NAN ((double)__builtin_nan(""))

#define MATHS_EXP_MAX 0x1.62e42fefa39efp+9 /* log of the largest double */
#define MATHS_EXP_MIN (-745.2)             /* below, the result rounds to 0 */

#define MATHS_INVERSE_LN2 0x1.71547652b82fep+0

/* Adding and subtracting 1.5 x 2^52 rounds a small double to a whole number, by the rules of IEEE
 * 754 alone. */
#define MATHS_ROUNDER 0x1.8p52

/* 2^k for -1022 <= k <= 1023. */
static double maths_power_of_two(int64_t k) { return maths_of_bits((uint64_t)(k + 1023) << 52); }

/* exp(x + tail) for |x| below 746 and a tail below an ulp of x: the part that exp and pow share. */
static double maths_exp_sum(double x, double tail)
{
    double k = (x * MATHS_INVERSE_LN2 + MATHS_ROUNDER) - MATHS_ROUNDER;
    double r_head = x - k * MATHS_LN2_HEAD;
    double r_tail = k * MATHS_LN2_TAIL - tail;
    double r = r_head - r_tail;
    double lost = (r_head - r) - r_tail; /* by rounding r */
    double r2 = r * r;
    double r4 = r2 * r2;
    int64_t exponent = (int64_t)k;
    double low, middle, high, y;

    /* (exp(r) - 1 - r - r^2/2) / r^3, error 2^-60 of the result; in pairs, so that multiplications
     * overlap. */
    low = (0x1.5555555555556p-3 + r * 0x1.5555555555555p-5) +
          r2 * (0x1.11111111109b3p-7 + r * 0x1.6c16c16c167e1p-10);
    middle = (0x1.a01a01a7c41d5p-13 + r * 0x1.a01a01a47b054p-16) +
             r2 * (0x1.71de0dae63bb3p-19 + r * 0x1.27e4e1f48534fp-22);
    high = 0x1.af38a9b0ec855p-26 + r * 0x1.1f66df7fca49fp-29;
    y = 1 + (r + ((lost + r2 * 0.5) + r * r2 * (low + r4 * (middle + r4 * high))));

    if (exponent >= -1021 && exponent <= 1023)
        return y * maths_power_of_two(exponent);
    /* Near the ends the result, not the factor, must be the one that overflows or loses bits. */
    if (exponent > 0)
        return y * maths_power_of_two(exponent - 1) * 2;
    return y * maths_power_of_two(exponent + 200) * 0x1p-200;
}

double maths_exp(double x)
{
    if (x != x)
        return x;
    if (x > MATHS_EXP_MAX)
        return MATHS_INFINITY;
    if (x < MATHS_EXP_MIN)
        return 0;
    return maths_exp_sum(x, 0);
}

/* maths_split_normal() for any positive finite x. */
static double maths_split(double x, double *ret_exponent)
{
    double m;

    if (maths_bits(x) >= UINT64_C(1) << 52)
        return maths_split_normal(x, ret_exponent);
    m = maths_split_normal(x * 0x1p54, ret_exponent); /* subnormal */
    *ret_exponent -= 54;
    return m;
}

/* What log and pow return when x is zero, negative, infinite or not a number. */
static double maths_log_special(double x)
{
    if (x == 0)
        return -MATHS_INFINITY;
    return x > 0 || x != x ? x : MATHS_NAN;
}

double maths_log(double x)
{
    double m, k;

    if (!(x > 0) || x == MATHS_INFINITY)
        return maths_log_special(x);
    m = maths_split(x, &k);
    return maths_log_of(m, k);
}

struct maths_pair {
    double head;
    double tail;
};

/* a + b exactly, for |a| >= |b|. */
static inline struct maths_pair maths_sum_ordered(double a, double b)
{
    double head = a + b;

    return (struct maths_pair){head, b - (head - a)};
}

/* a + b exactly. */
static inline struct maths_pair maths_sum(double a, double b)
{
    double head = a + b;
    double b_part = head - a;

    return (struct maths_pair){head, (a - (head - b_part)) + (b - b_part)};
}

/* a * b exactly, by halves of 26 bits; |a| and |b| are below 2^996. */
static inline struct maths_pair maths_product(double a, double b)
{
    double a_wide = a * 0x1.0000002p27;
    double b_wide = b * 0x1.0000002p27;
    double a_high = a_wide - (a_wide - a);
    double b_high = b_wide - (b_wide - b);
    double a_low = a - a_high;
    double b_low = b - b_high;
    double head = a * b;

    return (struct maths_pair){head, ((a_high * b_high - head) + a_high * b_low + a_low * b_high) +
                                         a_low * b_low};
}

/* log(x) of a positive finite x, to about 2^-64 of its value. */
static struct maths_pair maths_log_pair(double x)
{
    double k, f, sum, sum_tail, z, q;
    struct maths_pair s, square, cube, factor, cubic, near_one, whole;

    f = maths_split(x, &k) - 1;
    sum = 2 + f;
    sum_tail = f - (sum - 2);
    s.head = f / sum;
    square = maths_product(s.head, sum);
    s.tail = (((f - square.head) - square.tail) - s.head * sum_tail) / sum;

    square = maths_product(s.head, s.head);
    square.tail += 2 * s.head * s.tail;
    z = square.head;
    /* (2 artanh(s) / s - 2) / s^2 - 2/3, error 2^-66 of the result. */
    q = z * (0x1.999999999999ap-2 +
             z * (0x1.2492492492521p-2 +
                  z * (0x1.c71c71c6eaa10p-3 +
                       z * (0x1.745d177a96058p-3 +
                            z * (0x1.3b1395d219019p-3 +
                                 z * (0x1.1118c7e4b2666p-3 +
                                      z * (0x1.df7cc8e5a751ep-4 + z * 0x1.e02e700217c60p-4)))))));
    factor = maths_sum_ordered(0x1.5555555555555p-1, q);
    factor.tail += 0x1.5555555555555p-55;
    cube = maths_product(s.head, square.head);
    cube.tail += s.head * square.tail + s.tail * square.head;
    cubic = maths_product(cube.head, factor.head);
    cubic.tail += cube.head * factor.tail + cube.tail * factor.head;

    near_one = maths_sum_ordered(2 * s.head, cubic.head);
    near_one.tail += 2 * s.tail + cubic.tail;
    whole = maths_sum(k * MATHS_LN2_HEAD, near_one.head);
    whole.tail += near_one.tail + k * MATHS_LN2_TAIL;
    return maths_sum_ordered(whole.head, whole.tail);
}

double maths_pow(double x, double y)
{
    struct maths_pair log_x, product;
    double rough;

    if (y == 0 || x == 1)
        return 1;
    if (x != x || y != y || x < 0)
        return MATHS_NAN;
    if (x == 0 || x == MATHS_INFINITY)
        return (x == 0) == (y > 0) ? 0 : MATHS_INFINITY;
    log_x = maths_log_pair(x);
    rough = y * log_x.head;
    if (rough > MATHS_EXP_MAX + 1)
        return MATHS_INFINITY;
    if (rough < MATHS_EXP_MIN - 1)
        return 0;
    product = maths_product(y, log_x.head);
    return maths_exp_sum(product.head, product.tail + y * log_x.tail);
}

/* The compilers' built-in calls libm for negative arguments, and always at -O0; the instruction
 * itself is what is wanted. */
double maths_sqrt(double x)
{
#if defined(__SSE2__)
    __m128d value = _mm_set_sd(x);

    return _mm_cvtsd_f64(_mm_sqrt_sd(value, value));
#else
    return __builtin_sqrt(x);
#endif
}

double maths_floor(double x)
{
    double whole;

    /* From 2^52 on every double is whole; this also passes on infinities and what is not a
     * number. */
    if (!(x > -0x1p52 && x < 0x1p52))
        return x;
    whole = (double)(int64_t)x;
    return whole > x ? whole - 1 : whole;
}
