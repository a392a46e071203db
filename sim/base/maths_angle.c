/* sin, cos and asin with the same bits on every machine; see maths.c for how and why.
 *
 * sin and cos take off the nearest multiple k of pi/2. Next to such a multiple all leading bits
 * cancel: among doubles up to 2^20 the remainder can be as small as 2^-60, so pi/2 is held in three
 * parts of 33 bits, whose products with k (20 bits) are exact, and a fourth of 53. The remainder is
 * kept as head and tail. |x| <= 2^20 is asserted; the model's angles are seasons and degrees, and
 * larger ones would need the reduction of Payne and Hanek for nothing.
 *
 * On |r| <= pi/4 sin(r) = r + r^3 S(r^2) and cos(r) = 1 - r^2/2 + r^4 C(r^2), the tail entering to
 * first order (sin' = cos). asin(x) = x + x^3 A(x^2) up to 1/2; beyond, asin(x) = pi/2 - 2
 * asin(sqrt((1 - x) / 2)), where the root is split in two so that the subtraction from pi/2 does
 * not inherit its rounding. The scheme is fdlibm's (Sun Microsystems, 1993), the polynomials
 * (Chebyshev nodes, 70 digits) and the code are our own; for asin a polynomial of degree 12
 * replaces its quotient.
 */
#include "base/maths.h"

#define MATHS_ANGLE_MAX 0x1p20
#define MATHS_ROUNDER 0x1.8p52
#define MATHS_INVERSE_HALF_PI 0x1.45f306dc9c883p-1

/* pi/2 = A + B + C + D; A, B and C have 33 bits. */
#define MATHS_HALF_PI_A 0x1.921fb544p+0
#define MATHS_HALF_PI_B 0x1.0b4611a6p-34
#define MATHS_HALF_PI_C 0x1.3198a2ep-69
#define MATHS_HALF_PI_D 0x1.b839a252049c1p-104

/* pi/2 = HEAD + TAIL. */
#define MATHS_HALF_PI_HEAD 0x1.921fb54442d18p+0
#define MATHS_HALF_PI_TAIL 0x1.1a62633145c07p-54

struct maths_remainder {
    double head;
    double tail;
    uint32_t quarter; /* k modulo 4 */
};

static struct maths_remainder maths_reduce(double x)
{
    struct maths_remainder r;
    double k = (x * MATHS_INVERSE_HALF_PI + MATHS_ROUNDER) - MATHS_ROUNDER;
    double a, b, c, b_part, c_part, tail;

    OMO_ASSERT(x >= -MATHS_ANGLE_MAX && x <= MATHS_ANGLE_MAX);

    /* Exact: x and k * A are both multiples of the last bit of x, or of 2^-32, and nearly equal. */
    a = x - k * MATHS_HALF_PI_A;
    /* Twice a sum with its exact rounding error (Knuth's two-sum), then what is left of pi/2. */
    b = a - k * MATHS_HALF_PI_B;
    b_part = b - a;
    tail = (a - (b - b_part)) + (-k * MATHS_HALF_PI_B - b_part);
    c = b - k * MATHS_HALF_PI_C;
    c_part = c - b;
    tail += (b - (c - c_part)) + (-k * MATHS_HALF_PI_C - c_part);
    tail -= k * MATHS_HALF_PI_D;
    r.head = c + tail;
    r.tail = tail - (r.head - c);
    r.quarter = (uint32_t)(int64_t)k & 3;
    return r;
}

static double maths_sin_near(double r, double tail)
{
    double z = r * r;
    double cube = z * r;
    /* (sin(r) / r - 1) / r^2 without its first term, error 2^-55.6 of the result. */
    double rest =
        0x1.1111111110bb1p-7 + z * (-0x1.a01a019e8357dp-13 +
                                    z * (0x1.71de37961e4c6p-19 +
                                         z * (-0x1.ae600a926c826p-26 + z * 0x1.5e0af186ad4cfp-33)));

    return r - ((z * (0.5 * tail - cube * rest) - tail) + cube * 0x1.5555555555555p-3);
}

static double maths_cos_near(double r, double tail)
{
    double z = r * r;
    double half = 0.5 * z;
    double one = 1 - half;
    /* (cos(r) - 1 + r^2/2) / r^4, error 2^-60 of the result. */
    double rest = 0x1.5555555555555p-5 +
                  z * (-0x1.6c16c16c16966p-10 +
                       z * (0x1.a01a019f4e867p-16 +
                            z * (-0x1.27e4fa17a41b3p-22 +
                                 z * (0x1.1eeb68b109138p-29 + z * -0x1.907d7aebd3bccp-37))));

    /* 1 - half rounds; what it lost is put back before the small terms are added. */
    return one + (((1 - one) - half) + (z * (z * rest) - r * tail));
}

double maths_sin(double x)
{
    struct maths_remainder r;
    double y;

    if (x == 0 || x != x)
        return x;
    r = maths_reduce(x);
    y = (r.quarter & 1) ? maths_cos_near(r.head, r.tail) : maths_sin_near(r.head, r.tail);
    return (r.quarter & 2) ? -y : y;
}

double maths_cos(double x)
{
    struct maths_remainder r;
    double y;

    if (x != x)
        return x;
    r = maths_reduce(x);
    y = (r.quarter & 1) ? maths_sin_near(r.head, r.tail) : maths_cos_near(r.head, r.tail);
    return ((r.quarter + 1) & 2) ? -y : y;
}

/* (asin(x) / x - 1) for z = x^2 <= 1/4, error 2^-57 of the result. */
static double maths_asin_excess(double z)
{
    static const double coefficient[] = {
        0x1.5555555555556p-3, 0x1.3333333332ecap-4, 0x1.6db6db6e31f13p-5, 0x1.f1c71c1db0622p-6,
        0x1.6e8bb1c8209ccp-6, 0x1.1c4d35cf950dcp-6, 0x1.c9cf07674c856p-7, 0x1.782651ca780a0p-7,
        0x1.52420b05c4cc6p-7, 0x1.65a9c4d7641cfp-8, 0x1.1d18940d8055ap-6, -0x1.e6aaa8b01d02ep-7,
        0x1.d72b2bcd0d60dp-6,
    };
    double sum = coefficient[12];

    for (int i = 11; i >= 0; i--)
        sum = coefficient[i] + z * sum;
    return z * sum;
}

double maths_asin(double x)
{
    double size = x < 0 ? -x : x;
    double z, root, root_head, root_tail, y;
    uint64_t bits;

    if (!(size <= 1))
        return (double)__builtin_nan("");
    if (size <= 0.5)
        return x + x * maths_asin_excess(x * x);
    z = (1 - size) * 0.5;
    root = maths_sqrt(z);
    memcpy(&bits, &root, sizeof(bits));
    bits &= ~UINT64_C(0xffffffff);
    memcpy(&root_head, &bits, sizeof(bits));
    /* At x = 1 the root is 0 and has no tail. */
    root_tail = root > 0 ? (z - root_head * root_head) / (root + root_head) : 0;
    /* pi/2 - 2 (root + root * excess), the large exact parts first. */
    y = (2 * root_tail - MATHS_HALF_PI_TAIL) + 2 * root * maths_asin_excess(z);
    y = (MATHS_HALF_PI_HEAD - 2 * root_head) - y;
    return x < 0 ? -y : y;
}
