/* Weight, sum and sum of squares of int64 values, exact, merged exactly in any order.
 *
 * Nothing overflows and nothing saturates: values are any int64, weights are not negative, and the
 * weights of one `moments` add up to less than 2^63, so that the sum stays below 2^126 and the
 * squares below 2^189; they have 192 bits. All zeros is empty. No pointers and no padding: a copy
 * of the bytes is a copy. The unit of the mean is that of the values.
 */
#ifndef OMO_BASE_MOMENTS_H
#define OMO_BASE_MOMENTS_H

#include "base/core.h"

struct moments {
    core_int128 sum;          /* of weight x value */
    core_uint128 squares_low; /* of weight x value^2, the lowest 128 bits */
    uint64_t squares_high;    /* and the rest */
    int64_t weight;           /* observations, or microseconds */
};
static_assert(sizeof(struct moments) == 48, "no padding: saved and compared as bytes");

/* a x b: returns the lowest 128 bits, and the rest through ret_high. */
static inline core_uint128 moments_product(core_uint128 a, uint64_t b, uint64_t *ret_high)
{
    core_uint128 low = (core_uint128)(uint64_t)a * b;
    core_uint128 middle = (core_uint128)(uint64_t)(a >> 64) * b + (uint64_t)(low >> 64);

    *ret_high = (uint64_t)(middle >> 64);
    return middle << 64 | (uint64_t)low;
}

/* One observation: weight 1. */
static inline void moments_add(struct moments *m, int64_t value)
{
    core_uint128 square = (core_uint128)((core_int128)value * value);

    m->weight++;
    m->sum += value;
    m->squares_low += square;
    m->squares_high += m->squares_low < square;
}

/* A value that holds for `weight` microseconds. */
static inline void moments_add_weighted(struct moments *m, int64_t value, int64_t weight)
{
    uint64_t high;
    core_uint128 squares =
        moments_product((core_uint128)((core_int128)value * value), (uint64_t)weight, &high);

    m->weight += weight;
    m->sum += (core_int128)value * weight;
    m->squares_low += squares;
    m->squares_high += high + (m->squares_low < squares);
}

static inline void moments_merge(struct moments *m, const struct moments *other)
{
    m->weight += other->weight;
    m->sum += other->sum;
    m->squares_low += other->squares_low;
    m->squares_high += other->squares_high + (m->squares_low < other->squares_low);
}

/* NaN when the weight is 0. */
double moments_mean(const struct moments *m);
/* Sum of weight x (value - mean)^2, rounded only at the end: no digits cancel, relative error
 * below 1e-15. Never negative; 0 when the weight is 0. */
double moments_spread(const struct moments *m);

#endif
