/* Response times over nine orders of magnitude in half a megabyte, each known to 1 in 2048.
 *
 * Values up to 4095 have a cell each. From there on every doubling is cut into 2048 cells of equal
 * width, so a cell's width is less than 1/2048 of its values. The cell of a value is found from the
 * position of its highest bit: with shift = max(0, that position - 11), index = shift * 2048 +
 * (value >> shift). The layout is HdrHistogram's (Gil Tene) with its unused half buckets left out.
 * No floating point is involved in recording.
 *
 * Counts are 64-bit and the sum 128-bit integers, so merging the histograms of threads or ranks
 * gives the same bytes in any order, and the mean is the exact sum divided once. Size: 8 bytes x
 * 2048 x (log2(value_max) - 10), which is 16 KB a doubling: 410 KB for one hour in microseconds. A
 * sorted array of all values would be exact at 8 GB for 10^9 requests; a t-digest is smaller but
 * its result depends on the order of merging.
 */
#define OMO_CORE_MAY_ALLOCATE

#include <stdlib.h>

#include <omosim/histogram.h>

#include "base/core.h"
#include "base/histogram.h"

#define HISTOGRAM_BITS 11
#define HISTOGRAM_SUB_COUNT (INT64_C(1) << HISTOGRAM_BITS)

struct omo_histogram {
    int64_t value_max; /* the largest value that is told apart */
    int64_t recorded_max;
    uint64_t count;
    uint64_t clipped;
    core_uint128 sum;
    uint32_t cell_count;
    uint64_t cells[];
};

static uint32_t histogram_shift(int64_t value)
{
    /* The or keeps values below 2048 in the first bucket, and zero away from the undefined case of
     * clz. */
    return 63u - HISTOGRAM_BITS -
           (uint32_t)__builtin_clzll((uint64_t)value | (uint64_t)HISTOGRAM_SUB_COUNT);
}

static uint32_t histogram_index(int64_t value)
{
    uint32_t shift = histogram_shift(value);

    return (shift << HISTOGRAM_BITS) + (uint32_t)(value >> shift);
}

/* The cell's lowest value and, through *ret_high, its highest. */
static int64_t histogram_range(uint32_t index, int64_t *ret_high)
{
    uint32_t bucket = index >> HISTOGRAM_BITS;
    uint32_t shift = bucket > 0 ? bucket - 1 : 0;
    int64_t low = (int64_t)(index - (shift << HISTOGRAM_BITS)) << shift;

    *ret_high = low + ((INT64_C(1) << shift) - 1);
    return low;
}

omo_histogram *omo_histogram_new(int64_t value_max)
{
    int64_t top = core_max_i64(value_max, HISTOGRAM_SUB_COUNT);
    uint32_t cell_count = histogram_index(top) + 1;
    size_t size = sizeof(omo_histogram) + cell_count * sizeof(uint64_t);
    omo_histogram *h = calloc(1, (size + alignof(omo_histogram) - 1) / alignof(omo_histogram) *
                                     alignof(omo_histogram));

    if (h == NULL)
        return NULL;
    h->value_max = top;
    h->cell_count = cell_count;
    return h;
}

void omo_histogram_free(omo_histogram *h) { free(h); }

void omo_histogram_record(omo_histogram *h, int64_t value, uint64_t count)
{
    uint32_t index;

    if (count == 0)
        return;
    if (value > h->value_max) {
        value = h->value_max;
        h->clipped += count;
    }
    value = core_max_i64(value, 0);
    index = histogram_index(value);
    OMO_ASSERT(index < h->cell_count);
    h->cells[index] += count;
    h->count += count;
    h->sum += (core_uint128)(uint64_t)value * count;
    h->recorded_max = core_max_i64(h->recorded_max, value);
}

void omo_histogram_merge(omo_histogram *h, const omo_histogram *other)
{
    OMO_ASSERT(h->value_max == other->value_max);
    OMO_ASSERT(h->cell_count == other->cell_count);

    for (uint32_t i = 0; i < h->cell_count; i++)
        h->cells[i] += other->cells[i];
    h->count += other->count;
    h->clipped += other->clipped;
    h->sum += other->sum;
    h->recorded_max = core_max_i64(h->recorded_max, other->recorded_max);
}

void omo_histogram_reset(omo_histogram *h)
{
    memset(h->cells, 0, h->cell_count * sizeof(uint64_t));
    h->recorded_max = 0;
    h->count = 0;
    h->clipped = 0;
    h->sum = 0;
}

uint64_t omo_histogram_count(const omo_histogram *h) { return h->count; }

uint64_t omo_histogram_clipped(const omo_histogram *h) { return h->clipped; }

int64_t omo_histogram_max(const omo_histogram *h) { return h->recorded_max; }

double omo_histogram_mean(const omo_histogram *h)
{
    return h->count > 0 ? (double)h->sum / (double)h->count : 0;
}

int64_t omo_histogram_quantile(const omo_histogram *h, uint32_t share_ppm)
{
    core_uint128 product = (core_uint128)h->count * core_min_u32(share_ppm, OMO_PPM);
    uint64_t rank =
        (uint64_t)((product + OMO_PPM - 1) / OMO_PPM); /* of the value looked for, from 1 */
    uint64_t below = 0;
    int64_t high = 0;

    if (h->count == 0)
        return 0;
    /* A share of 0 asks for the smallest value. */
    if (rank == 0)
        rank = 1;
    for (uint32_t i = 0; i < h->cell_count; i++) {
        below += h->cells[i];
        if (below >= rank) {
            (void)histogram_range(i, &high);
            return high;
        }
    }
    core_fail(__FILE__, __LINE__, "the cells of a histogram hold fewer values than its count");
}

bool omo_histogram_next(const omo_histogram *h, uint32_t *cursor, int64_t *ret_low,
                        int64_t *ret_high, uint64_t *ret_count)
{
    for (uint32_t i = *cursor; i < h->cell_count; i++) {
        if (h->cells[i] == 0)
            continue;
        *ret_low = histogram_range(i, ret_high);
        *ret_count = h->cells[i];
        *cursor = i + 1;
        return true;
    }
    *cursor = h->cell_count;
    return false;
}

size_t histogram_size(const omo_histogram *h)
{
    return sizeof(*h) + h->cell_count * sizeof(h->cells[0]);
}

size_t histogram_used_size(const omo_histogram *h)
{
    uint32_t used = h->count == 0 ? 0 : histogram_index(h->recorded_max) + 1;

    return sizeof(*h) + used * sizeof(h->cells[0]);
}
