/* The spread around the mean from a sum and a sum of squares, without their cancellation.
 *
 * The usual objection to keeping sums is that squares - sum^2 / n subtracts two numbers that agree
 * in most of their digits. With whole numbers it need not. Let q be the mean rounded down and r the
 * rest, sum = q n + r with 0 <= r < n. Around q the squares are
 *
 *     A = squares - q (sum + r),
 *
 * all integers, below 2^192 and so exact. The spread around the mean itself is A - r^2 / n, which
 * could still cancel; but it equals (A - r) + r (n - r) / n, and neither part is negative: each
 * deviation d from q is an integer, so d^2 >= d, and A >= r. Both are exact up to here, and only
 * now become doubles.
 *
 * Welford's recurrence is as precise and needs no wide integers, but it divides at every
 * observation, and what two parts give depends on how they were joined. Sums are the same bits
 * whatever the order, on any number of threads.
 */
#include "base/moments.h"

double moments_mean(const struct moments *m)
{
    return m->weight > 0 ? (double)m->sum / (double)m->weight : (double)__builtin_nanf("");
}

double moments_spread(const struct moments *m)
{
    core_int128 n = m->weight, q, r, twice;
    core_uint128 low, product;
    uint64_t high, product_high;

    if (n == 0)
        return 0;
    q = m->sum / n;
    r = m->sum % n;
    if (r < 0) { /* C rounds towards zero */
        q -= 1;
        r += n;
    }
    OMO_ASSERT(q >= INT64_MIN && q <= INT64_MAX);
    twice = m->sum + r;
    product = moments_product((core_uint128)(twice < 0 ? -twice : twice),
                              (uint64_t)(q < 0 ? -q : q), &product_high);
    if ((twice < 0) != (q < 0)) {
        low = m->squares_low + product;
        high = m->squares_high + product_high + (low < product);
    } else {
        low = m->squares_low - product;
        high = m->squares_high - product_high - (m->squares_low < product);
    }
    high -= low < (core_uint128)r;
    low -= (core_uint128)r;
    return ((double)high * 0x1p128 + (double)low) + (double)(r * (n - r)) / (double)n;
}
