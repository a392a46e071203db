/* The logarithm's steps, inline: for maths_log(), for draws that cannot afford a call, and for the
 * vectors of batch_avx2.c, which repeat them operation by operation.
 *
 * log(x) = k ln 2 + log(1 + f); maths.c says how and why. The order of the operations decides the
 * last bit, so it is the same wherever they stand.
 */
#ifndef OMO_BASE_MATHS_LOG_H
#define OMO_BASE_MATHS_LOG_H

#include "base/maths.h"

#define MATHS_LN2_HEAD 0x1.62e42fefa3800p-1
#define MATHS_LN2_TAIL 0x1.ef35793c76730p-45
#define MATHS_SQRT_HALF_BITS UINT64_C(0x3fe6a09e667f3bcd)
#define MATHS_EXPONENT_MASK (UINT64_C(0xfff) << 52)

/* 2 artanh(s) / s - 2 as a polynomial in z = s^2, error 2^-57.6 of the result. */
#define MATHS_LOG_1 0x1.5555555555558p-1
#define MATHS_LOG_2 0x1.99999999952d7p-2
#define MATHS_LOG_3 0x1.2492492df281ap-2
#define MATHS_LOG_4 0x1.c71c62e3f11e5p-3
#define MATHS_LOG_5 0x1.7462b51cb66eap-3
#define MATHS_LOG_6 0x1.39fe51a7c12d9p-3
#define MATHS_LOG_7 0x1.2b5900de57b3bp-3

static inline uint64_t maths_bits(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

static inline double maths_of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof(x));
    return x;
}

/* Splits a positive normal x into m in [sqrt(1/2), sqrt(2)) and a power of two. */
static inline double maths_split_normal(double x, double *ret_exponent)
{
    uint64_t bits = maths_bits(x);
    /* The bias of 1024 keeps the difference positive, so that its top bits are a whole number. It
     * becomes a double by way of the bits of 2^52 + number, as in law_of_word(). */
    uint64_t offset = bits - MATHS_SQRT_HALF_BITS + (UINT64_C(1024) << 52);

    *ret_exponent = maths_of_bits(UINT64_C(0x433) << 52 | offset >> 52) - (0x1p52 + 1024);
    return maths_of_bits(bits - ((offset & MATHS_EXPONENT_MASK) - (UINT64_C(1024) << 52)));
}

/* log(m 2^k) for m in [sqrt(1/2), sqrt(2)) and a whole k. */
static inline double maths_log_of(double m, double k)
{
    double f = m - 1;
    double s = f / (2 + f);
    double z = s * s;
    double z2 = z * z;
    double r = z * ((MATHS_LOG_1 + z * MATHS_LOG_2) +
                    z2 * ((MATHS_LOG_3 + z * MATHS_LOG_4) +
                          z2 * ((MATHS_LOG_5 + z * MATHS_LOG_6) + z2 * MATHS_LOG_7)));
    double half_square = 0.5 * f * f;

    return k * MATHS_LN2_HEAD - ((half_square - (s * (half_square + r) + k * MATHS_LN2_TAIL)) - f);
}

/* maths_log(x) of a positive normal x. */
static inline double maths_log_normal(double x)
{
    double k;
    double m = maths_split_normal(x, &k);

    return maths_log_of(m, k);
}

#endif
