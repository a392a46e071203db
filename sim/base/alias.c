/* Drawing from any finite distribution in constant time: the alias table.
 *
 * The distribution is cut into `count` columns of equal width, each shared by at most two values:
 * its own index up to a threshold, one other above (Walker, "An efficient method for generating
 * discrete random variables with general distributions", ACM TOMS 3, 1977). Vose's construction
 * (IEEE Transactions on Software Engineering 17, 1991) is O(n): it pairs each column that is not
 * full with one that overflows. The stacks of small and of large columns start in index order and
 * everything is done in double with fixed order, so tables have the same bits everywhere;
 * thresholds become 32-bit integers, and a draw is then integer arithmetic. At 8 bytes an entry a
 * table of 50,000 SKUs is 400 KB.
 *
 * Rounding a threshold to 32 bits moves a probability by at most 2^-32 / count. A weight of 0 has
 * threshold 0 and is never another's alias, so it is never drawn; that is kept through the
 * leftovers of rounding, and asserted.
 */
#include "base/alias.h"

#include "base/maths.h"

size_t alias_work_size(uint32_t count)
{
    return (size_t)count * (sizeof(double) + sizeof(uint32_t));
}

static uint32_t alias_threshold(double share)
{
    double scaled = share * 0x1p32 + 0.5;

    return scaled >= 0x1.fffffffep31 ? UINT32_MAX : (uint32_t)scaled;
}

/* Scales the weights to a mean of 1 and puts small columns at the front of `stack`, large ones at
 * its end. */
static uint32_t alias_sort(const double *weight, uint32_t count, double *ret_share,
                           uint32_t *ret_stack)
{
    uint32_t small_count = 0;
    uint32_t large_count = 0;
    double sum = 0;

    for (uint32_t i = 0; i < count; i++) {
        OMO_ASSERT(weight[i] >= 0);
        sum += weight[i];
    }
    OMO_ASSERT(sum > 0);
    OMO_ASSERT(sum - sum == 0);

    for (uint32_t i = 0; i < count; i++) {
        ret_share[i] = weight[i] / sum * (double)count;
        if (ret_share[i] < 1)
            ret_stack[small_count++] = i;
        else
            ret_stack[count - 1 - large_count++] = i;
    }
    return small_count;
}

void alias_build(const double *weight, uint32_t count, void *work, struct alias_entry *ret_table)
{
    double *share = work;
    uint32_t *stack = (uint32_t *)(void *)(share + count);
    uint32_t small_count, large_first;

    OMO_ASSERT(count > 0);

    /* Small columns live in stack[0 .. small_count), large ones in stack[large_first .. count). */
    small_count = alias_sort(weight, count, share, stack);
    large_first = small_count;
    while (small_count > 0 && large_first < count) {
        uint32_t small = stack[--small_count];
        uint32_t large = stack[large_first];

        ret_table[small].threshold = alias_threshold(share[small]);
        ret_table[small].other = large;
        share[large] -= 1 - share[small];
        if (share[large] < 1) {
            large_first++;
            stack[small_count++] = large;
        }
    }
    /* What is left has share 1 but for rounding; such a column keeps everything. */
    while (small_count > 0) {
        uint32_t index = stack[--small_count];

        OMO_ASSERT(share[index] > 0.5);
        ret_table[index] = (struct alias_entry){.threshold = UINT32_MAX, .other = index};
    }
    for (; large_first < count; large_first++)
        ret_table[stack[large_first]] =
            (struct alias_entry){.threshold = UINT32_MAX, .other = stack[large_first]};
}
