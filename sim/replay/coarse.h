/* Coarse histograms of times: 128 cells a doubling from 1,024 ns on, 8 ns wide below.
 *
 * A quantile read from them is at most 0.8 % (below 1,024 ns: 8 ns) above the exact one. Three
 * forms: `coarse_live` is written by one thread while others read, `coarse_sum` is what a reader
 * adds up, `coarse_packed` is what is kept of each interval: a few hundred bytes instead of 17 KB.
 * Values are 0..MEASURE_VALUE_MAX; what is above counts as that.
 */
#ifndef REPLAY_COARSE_H
#define REPLAY_COARSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COARSE_GROUP_CELLS 128 /* a group is a doubling */
#define COARSE_GROUPS 33       /* the first one ends at 1,024 ns, the last one at 2^42 - 1 */
#define COARSE_CELLS (COARSE_GROUPS * COARSE_GROUP_CELLS)
#define COARSE_LOW_BITS 10

static inline uint32_t coarse_cell(int64_t value_ns)
{
    uint64_t value = (uint64_t)value_ns;
    uint32_t top = 63u - (uint32_t)__builtin_clzll(value | (1u << COARSE_LOW_BITS));

    if (value < 1u << COARSE_LOW_BITS)
        return (uint32_t)(value >> 3);
    return ((top - COARSE_LOW_BITS) << 7) + (uint32_t)(value >> (top - 7));
}
/* Lowest and highest value of a cell. */
int64_t coarse_cell_low_ns(uint32_t cell);
int64_t coarse_cell_high_ns(uint32_t cell);

/* Single writer, any number of readers, all relaxed. `groups` has a bit for each group in use. */
struct coarse_live {
    _Atomic uint64_t groups;
    _Atomic uint64_t sum_ns;
    _Atomic int64_t max_ns;
    _Atomic uint32_t cells[COARSE_CELLS];
};
/* An addition that only its one writer makes: a load and a store, no locked instruction. */
#define COARSE_BUMP(counter, by)                                                                   \
    atomic_store_explicit(&(counter),                                                              \
                          atomic_load_explicit(&(counter), memory_order_relaxed) + (by),           \
                          memory_order_relaxed)

static inline void coarse_live_record(struct coarse_live *live, int64_t value_ns)
{
    uint32_t cell = coarse_cell(value_ns);
    uint64_t groups = atomic_load_explicit(&live->groups, memory_order_relaxed);
    uint64_t group = UINT64_C(1) << (cell / COARSE_GROUP_CELLS);

    COARSE_BUMP(live->cells[cell], 1);
    COARSE_BUMP(live->sum_ns, (uint64_t)value_ns);
    if ((groups & group) == 0)
        atomic_store_explicit(&live->groups, groups | group, memory_order_relaxed);
    if (value_ns > atomic_load_explicit(&live->max_ns, memory_order_relaxed))
        atomic_store_explicit(&live->max_ns, value_ns, memory_order_relaxed);
}
/* By the writer; touches only groups in use. */
void coarse_live_clear(struct coarse_live *live);

/* Zeroed = empty. `groups` as above: cells of the other groups are 0. */
struct coarse_sum {
    uint64_t count, sum_ns;
    int64_t max_ns;
    uint64_t groups;
    uint64_t cells[COARSE_CELLS];
};
void coarse_sum_clear(struct coarse_sum *sum);
/* First cell of the lowest group in `*groups`, which is taken out of it. */
static inline uint32_t coarse_next_group(uint64_t *groups)
{
    uint32_t group = (uint32_t)__builtin_ctzll(*groups);

    *groups &= *groups - 1;
    return group * COARSE_GROUP_CELLS;
}
void coarse_sum_add_live(struct coarse_sum *sum, const struct coarse_live *live);
void coarse_sum_add(struct coarse_sum *sum, const struct coarse_sum *other);
/* Highest value of the cell where the share is reached, but not above max_ns; 0 when empty. */
int64_t coarse_sum_quantile_ns(const struct coarse_sum *sum, uint32_t share_ppm);
/* How many values lie in cells above the one of `limit_ns`: at least so many are larger. */
uint64_t coarse_sum_above(const struct coarse_sum *sum, int64_t limit_ns);

struct coarse_packed {
    uint64_t count, sum_ns;
    int64_t max_ns;
    uint8_t *bytes; /* pairs of LEB128 numbers: cells skipped, count; owned */
    uint32_t size;
};
/* Overwrites `ret_packed`; free with coarse_packed_clear(). */
void coarse_pack(const struct coarse_sum *sum, struct coarse_packed *ret_packed);
void coarse_packed_clear(struct coarse_packed *packed);
void coarse_sum_add_packed(struct coarse_sum *sum, const struct coarse_packed *packed);
/* Takes it away again, but for max_ns, which the caller has to mend. */
void coarse_sum_remove_packed(struct coarse_sum *sum, const struct coarse_packed *packed);

#endif
