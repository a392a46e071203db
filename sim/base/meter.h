/* A level over time with its variance and extremes; gauge.h is the small one for the mean alone.
 *
 * All zeros is a level of 0 from time 0 on. Levels are any int64, times int64 microseconds that
 * never run backwards; sums are exact. Saved and copied as bytes. What several meters measured is
 * joined with moments_merge of their moments.
 */
#ifndef OMO_BASE_METER_H
#define OMO_BASE_METER_H

#include "base/moments.h"

struct meter {
    struct moments moments; /* weight = measured us, complete up to since_us */
    int64_t level;
    int64_t since_us;
    int64_t min, max; /* of the levels since the reset, also those held for no time */
};
static_assert(sizeof(struct meter) == 80, "no padding: saved and compared as bytes");

/* Time that a level spent strictly above `level`. The caller owns as many as it likes. */
struct meter_threshold {
    int64_t level;
    int64_t above_us;
};

/* Completes the sums up to now_us. */
static inline void meter_touch(struct meter *m, int64_t now_us)
{
    OMO_AUDIT(now_us >= m->since_us);
    moments_add_weighted(&m->moments, m->level, now_us - m->since_us);
    m->since_us = now_us;
}

static inline void meter_set(struct meter *m, int64_t now_us, int64_t level)
{
    meter_touch(m, now_us);
    m->level = level;
    m->min = core_min_i64(m->min, level);
    m->max = core_max_i64(m->max, level);
}

static inline void meter_add(struct meter *m, int64_t now_us, int64_t change)
{
    meter_set(m, now_us, m->level + change);
}

/* Forgets what was measured (warm-up) and keeps the level. */
static inline void meter_reset(struct meter *m, int64_t now_us)
{
    m->moments = (struct moments){0};
    m->since_us = now_us;
    m->min = m->max = m->level;
}

/* Goes before every meter_touch, meter_set or meter_add of a meter that has thresholds: O(count).
 * After meter_reset the caller zeroes their above_us. */
static inline void meter_thresholds(const struct meter *m, int64_t now_us,
                                    struct meter_threshold *threshold, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        threshold[i].above_us += m->level > threshold[i].level ? now_us - m->since_us : 0;
}

/* Both over the time from the reset to the last change or touch; NaN when that is no time. */
static inline double meter_mean(const struct meter *m) { return moments_mean(&m->moments); }

static inline double meter_variance(const struct meter *m)
{
    return m->moments.weight > 0 ? moments_spread(&m->moments) / (double)m->moments.weight
                                 : (double)__builtin_nanf("");
}

#endif
