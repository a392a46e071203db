/* Observations one by one: waits, lead times, units of an order. O(1) each, exact integers.
 *
 * All zeros is empty, and a reset. One cache line; saved and copied as bytes; samples of threads or
 * replications merge exactly in any order. Limits as in moments.h: any int64, fewer than 2^63
 * observations.
 */
#ifndef OMO_BASE_SAMPLE_H
#define OMO_BASE_SAMPLE_H

#include "base/maths.h"
#include "base/moments.h"

struct sample {
    struct moments moments;
    int64_t min, max; /* 0 when empty */
};
static_assert(sizeof(struct sample) == 64, "a cache line");

static inline void sample_add(struct sample *s, int64_t value)
{
    if (s->moments.weight == 0)
        s->min = s->max = value;
    s->min = core_min_i64(s->min, value);
    s->max = core_max_i64(s->max, value);
    moments_add(&s->moments, value);
}

static inline void sample_merge(struct sample *s, const struct sample *other)
{
    if (other->moments.weight == 0)
        return;
    if (s->moments.weight == 0)
        *s = *other;
    else {
        s->min = core_min_i64(s->min, other->min);
        s->max = core_max_i64(s->max, other->max);
        moments_merge(&s->moments, &other->moments);
    }
}

static inline int64_t sample_count(const struct sample *s) { return s->moments.weight; }

/* NaN when empty. */
static inline double sample_mean(const struct sample *s) { return moments_mean(&s->moments); }

/* Unbiased; NaN with fewer than 2 observations. */
static inline double sample_variance(const struct sample *s)
{
    return s->moments.weight > 1 ? moments_spread(&s->moments) / (double)(s->moments.weight - 1)
                                 : (double)__builtin_nanf("");
}

static inline double sample_deviation(const struct sample *s)
{
    return maths_sqrt(sample_variance(s));
}

#endif
