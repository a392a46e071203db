/* Sorting a day's visits in O(n): as many buckets as visits, then insertion within a bucket.
 *
 * Times are spread by the profile of the day, so buckets hold a few visits each and insertion is
 * cheap; a profile that puts a whole day into one minute makes buckets longer by the ratio of
 * peak to mean rate, and insertion pays for that, no more. The key is total (time, cell,
 * ordinal), so the result does not depend on the order of drawing. */
#include "kernel/tape.h"

void tape_init(struct tape *t, struct visit *drawn, struct visit *sorted, uint32_t *bucket,
               uint32_t capacity)
{
    *t = (struct tape){.drawn = drawn, .sorted = sorted, .bucket = bucket, .capacity = capacity};
}

static bool tape_before(const struct visit *a, const struct visit *b)
{
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us;
    if (a->cell != b->cell)
        return a->cell < b->cell;
    return a->ordinal < b->ordinal;
}

void tape_sort(struct tape *t, int64_t from_us, int64_t until_us)
{
    uint32_t n = t->count;

    t->next = 0;
    if (n == 0)
        return;
    OMO_ASSERT(until_us > from_us);
    /* bucket = (at - from) * n / span, as a multiplication by a rounded-down reciprocal:
     * monotone, and always below n. */
    uint64_t span = (uint64_t)(until_us - from_us);
    uint64_t reciprocal = (uint64_t)(((core_uint128)n << 64) / span);
    uint32_t *bucket = t->bucket;
    memset(bucket, 0, ((size_t)n + 1) * sizeof(bucket[0]));
    for (uint32_t i = 0; i < n; i++) {
        uint64_t since = (uint64_t)(t->drawn[i].at_us - from_us);
        bucket[(uint32_t)(((core_uint128)since * reciprocal) >> 64) + 1]++;
    }
    for (uint32_t i = 0; i < n; i++)
        bucket[i + 1] += bucket[i];
    for (uint32_t i = 0; i < n; i++) {
        uint64_t since = (uint64_t)(t->drawn[i].at_us - from_us);
        t->sorted[bucket[(uint32_t)(((core_uint128)since * reciprocal) >> 64)]++] = t->drawn[i];
    }
    for (uint32_t i = 1; i < n; i++) {
        struct visit v = t->sorted[i];
        uint32_t hole = i;
        while (hole != 0 && tape_before(&v, &t->sorted[hole - 1])) {
            t->sorted[hole] = t->sorted[hole - 1];
            hole--;
        }
        t->sorted[hole] = v;
    }
}
