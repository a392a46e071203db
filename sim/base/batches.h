/* Batch means while the run goes on: at most 64 batches, whatever its length.
 *
 * Batches begin with one observation each. When 64 are full, neighbours are joined and the batch
 * size doubles, so from 64 observations on there are 32 to 63 complete batches. O(1) an observation
 * and about 32 more additions each time the run doubles. All zeros is empty, and a reset; no
 * pointers, no padding: copied and saved as bytes. A batch's sum must fit int64 (values in
 * microseconds: 32 batches x 9e18 us of waiting); more is a bug and asserted, never wrapped.
 */
#ifndef OMO_BASE_BATCHES_H
#define OMO_BASE_BATCHES_H

#include <omosim/statistics.h>

#include "base/core.h"

#define BATCHES_MAX 64

struct batches {
    int64_t sum[BATCHES_MAX]; /* of the complete batches, in order */
    int64_t open_sum;         /* of the batch that is filling */
    uint64_t open_count;
    uint32_t count;    /* complete batches */
    uint32_t doubling; /* a batch has 2^doubling observations */
};
static_assert(sizeof(struct batches) == 536, "no padding: saved and compared as bytes");

/* Ends the open batch; for batches_add and batches_level_touch. */
void batches_close(struct batches *b);

static inline int64_t batches_sum(int64_t a, int64_t b)
{
    int64_t sum;
    bool overflow = __builtin_add_overflow(a, b, &sum);

    OMO_ASSERT(!overflow);
    return sum;
}

static inline int64_t batches_area(int64_t level, int64_t span_us)
{
    int64_t area;
    bool overflow = __builtin_mul_overflow(level, span_us, &area);

    OMO_ASSERT(!overflow);
    return area;
}

static inline void batches_add(struct batches *b, int64_t value)
{
    b->open_sum = batches_sum(b->open_sum, value);
    if (++b->open_count >> b->doubling != 0)
        batches_close(b);
}

/* From the complete batches; the open one is left out. NaN where there are too few. confidence is
 * in (0, 1). */
omo_batch_estimate batches_estimate(const struct batches *b, double confidence);

/* The same for a level over time: batches are equal spans of time, the first span_us long. Begin
 * before use, and again to reset after warm-up. Times stay below 2^62 us. */
struct batches_level {
    struct batches batches; /* sums are level x us; open_count is not used */
    int64_t level;
    int64_t since_us;
    int64_t open_end_us;
    int64_t span_us; /* of the first batches */
};
static_assert(sizeof(struct batches_level) == 568, "no padding: saved and compared as bytes");

static inline void batches_level_begin(struct batches_level *b, int64_t now_us, int64_t level,
                                       int64_t span_us)
{
    OMO_ASSERT(span_us > 0);
    *b = (struct batches_level){.level = level,
                                .since_us = now_us,
                                .open_end_us = now_us + span_us,
                                .span_us = span_us};
}

/* Ends the batches that end at now_us or before: a loop that runs at most 32 log2(run / span_us)
 * times in a whole run. */
void batches_level_close(struct batches_level *b, int64_t now_us);

/* Completes the areas up to now_us; time never runs backwards. */
static inline void batches_level_touch(struct batches_level *b, int64_t now_us)
{
    if (now_us >= b->open_end_us)
        batches_level_close(b, now_us);
    b->batches.open_sum =
        batches_sum(b->batches.open_sum, batches_area(b->level, now_us - b->since_us));
    b->since_us = now_us;
}

static inline void batches_level_set(struct batches_level *b, int64_t now_us, int64_t level)
{
    batches_level_touch(b, now_us);
    b->level = level;
}

/* As batches_estimate; batch_size is in us. */
omo_batch_estimate batches_level_estimate(const struct batches_level *b, double confidence);

#endif
