/* Batches that double, so that an interval for the mean of one long run needs 536 bytes.
 *
 * The method of batch means needs batches long enough that their means hardly depend on each other,
 * and cannot know beforehand how long that is. With a fixed number of batches that grow with the
 * run the question settles itself: 32 to 63 batches are enough for Student's t (Schmeiser,
 * Operations Research 30, 1982: more than 30 gain little), all else goes into their length. Joining
 * neighbours only when 64 are full keeps every sum exact and the work constant on average; Fishman
 * and Yarberry's LBATCH and ABATCH (INFORMS Journal on Computing 9, 1997) grow batches likewise,
 * and decide by the same test of the lag-1 correlation whether length is what is still missing.
 *
 * Sums are integers; mean and variance come from moments.h, so nothing is rounded before the end.
 * Only the differences of neighbours are squared in floating point: all terms are positive.
 */
#include "base/batches.h"
#include "base/maths.h"
#include "base/moments.h"
#include "base/statistics.h"

void batches_close(struct batches *b)
{
    OMO_ASSERT(b->count < BATCHES_MAX);

    b->sum[b->count++] = b->open_sum;
    b->open_sum = 0;
    b->open_count = 0;
    if (b->count < BATCHES_MAX)
        return;
    b->count /= 2;
    b->doubling++;
    for (uint32_t i = 0; i < b->count; i++)
        b->sum[i] = batches_sum(b->sum[2 * i], b->sum[2 * i + 1]);
}

static omo_batch_estimate batches_summary(const struct batches *b, uint64_t size, double confidence)
{
    struct moments moments = {0};
    double steps = 0;

    for (uint32_t i = 0; i < b->count; i++)
        moments_add(&moments, b->sum[i]);
    for (uint32_t i = 1; i < b->count; i++) {
        double step = (double)((core_int128)b->sum[i] - b->sum[i - 1]);

        steps += step * step;
    }
    return statistics_batch_estimate(moments_mean(&moments) / (double)size,
                                     moments_spread(&moments) / (double)size / (double)size,
                                     steps / (double)size / (double)size, b->count, size,
                                     confidence);
}

omo_batch_estimate batches_estimate(const struct batches *b, double confidence)
{
    return batches_summary(b, UINT64_C(1) << b->doubling, confidence);
}

void batches_level_close(struct batches_level *b, int64_t now_us)
{
    while (now_us >= b->open_end_us) {
        b->batches.open_sum =
            batches_sum(b->batches.open_sum, batches_area(b->level, b->open_end_us - b->since_us));
        b->since_us = b->open_end_us;
        batches_close(&b->batches);
        b->open_end_us += b->span_us << b->batches.doubling;
    }
}

omo_batch_estimate batches_level_estimate(const struct batches_level *b, double confidence)
{
    return batches_summary(&b->batches, (uint64_t)b->span_us << b->batches.doubling, confidence);
}
