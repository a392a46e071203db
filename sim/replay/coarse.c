/* Coarse histograms: log-linear like the exact ones, sixteen times coarser.
 *
 * An exact histogram of one clock takes half a megabyte; for each second of a run that is too much,
 * and merging it while the worker writes would need a lock. 128 cells a doubling make a relative
 * width of 1/128 = 0.78 %, 17 KB in all and mostly untouched: answers of one service spread over a
 * few doublings, so a bit mask of the doublings in use keeps clearing and reading short.
 *
 * Readers may see a count without its maximum or the other way round; of a closed interval nothing
 * changes any more, and of an open one a figure is as good a moment later.
 *
 * Packed, an interval is the gaps between cells in use and their counts as LEB128 numbers (seven bits
 * a byte, low ones first): two or three bytes a cell, 0.3 to 1 KB for a second of traffic.
 */
#include "replay/coarse.h"

#include <glib.h>
#include <omosim/types.h>
#include <string.h>

#define COARSE_PACKED_MAX 12 /* bytes of a cell: two for the gap, ten for the count */

int64_t coarse_cell_low_ns(uint32_t cell)
{
    uint32_t group = cell / COARSE_GROUP_CELLS;

    if (group == 0)
        return (int64_t)cell << 3;
    return (int64_t)(COARSE_GROUP_CELLS + cell % COARSE_GROUP_CELLS)
           << (group - 1 + COARSE_LOW_BITS - 7);
}

int64_t coarse_cell_high_ns(uint32_t cell) { return coarse_cell_low_ns(cell + 1) - 1; }

void coarse_live_clear(struct coarse_live *live)
{
    uint64_t groups = atomic_load_explicit(&live->groups, memory_order_relaxed);

    while (groups != 0)
        for (uint32_t i = 0, first = coarse_next_group(&groups); i < COARSE_GROUP_CELLS; i++)
            atomic_store_explicit(&live->cells[first + i], 0, memory_order_relaxed);
    atomic_store_explicit(&live->groups, 0, memory_order_relaxed);
    atomic_store_explicit(&live->sum_ns, 0, memory_order_relaxed);
    atomic_store_explicit(&live->max_ns, 0, memory_order_relaxed);
}

void coarse_sum_clear(struct coarse_sum *sum)
{
    uint64_t groups = sum->groups;

    while (groups != 0)
        memset(&sum->cells[coarse_next_group(&groups)], 0,
               COARSE_GROUP_CELLS * sizeof sum->cells[0]);
    sum->count = sum->sum_ns = sum->groups = 0;
    sum->max_ns = 0;
}

void coarse_sum_add_live(struct coarse_sum *sum, const struct coarse_live *live)
{
    uint64_t groups = atomic_load_explicit(&live->groups, memory_order_relaxed);

    sum->groups |= groups;
    while (groups != 0) {
        uint32_t first = coarse_next_group(&groups);
        for (uint32_t i = first; i < first + COARSE_GROUP_CELLS; i++) {
            uint32_t count = atomic_load_explicit(&live->cells[i], memory_order_relaxed);
            sum->cells[i] += count;
            sum->count += count;
        }
    }
    sum->sum_ns += atomic_load_explicit(&live->sum_ns, memory_order_relaxed);
    sum->max_ns = MAX(sum->max_ns, atomic_load_explicit(&live->max_ns, memory_order_relaxed));
}

void coarse_sum_add(struct coarse_sum *sum, const struct coarse_sum *other)
{
    uint64_t groups = other->groups;

    sum->groups |= groups;
    while (groups != 0) {
        uint32_t first = coarse_next_group(&groups);
        for (uint32_t i = first; i < first + COARSE_GROUP_CELLS; i++)
            sum->cells[i] += other->cells[i];
    }
    sum->count += other->count;
    sum->sum_ns += other->sum_ns;
    sum->max_ns = MAX(sum->max_ns, other->max_ns);
}

int64_t coarse_sum_quantile_ns(const struct coarse_sum *sum, uint32_t share_ppm)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t rank =
        (uint64_t)(((wide)sum->count * MIN(share_ppm, OMO_PPM) + OMO_PPM - 1) / OMO_PPM);
    uint64_t below = 0, groups = sum->groups;

    if (sum->count == 0)
        return 0;
    rank = MAX(rank, 1);
    while (groups != 0) {
        uint32_t first = coarse_next_group(&groups);
        for (uint32_t i = first; i < first + COARSE_GROUP_CELLS; i++) {
            below += sum->cells[i];
            if (below >= rank)
                return MIN(coarse_cell_high_ns(i), sum->max_ns);
        }
    }
    return sum->max_ns;
}

uint64_t coarse_sum_above(const struct coarse_sum *sum, int64_t limit_ns)
{
    uint64_t above = 0;

    for (uint32_t i = coarse_cell(MAX(limit_ns, 0)) + 1; i < COARSE_CELLS; i++)
        above += sum->cells[i];
    return above;
}

static uint8_t *coarse_pack_number(uint8_t *at, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (uint8_t)number | 0x80;
    *at++ = (uint8_t)number;
    return at;
}

static uint64_t coarse_unpack_number(const uint8_t **at)
{
    uint64_t number = 0;

    for (uint32_t shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return number;
    }
}

void coarse_pack(const struct coarse_sum *sum, struct coarse_packed *ret_packed)
{
    uint8_t bytes[COARSE_CELLS * COARSE_PACKED_MAX], *at = bytes;
    uint64_t groups = sum->groups;
    uint32_t next = 0;

    while (groups != 0) {
        uint32_t first = coarse_next_group(&groups);
        for (uint32_t i = first; i < first + COARSE_GROUP_CELLS; i++) {
            if (sum->cells[i] == 0)
                continue;
            at = coarse_pack_number(at, i - next);
            at = coarse_pack_number(at, sum->cells[i]);
            next = i + 1;
        }
    }
    ret_packed->count = sum->count;
    ret_packed->sum_ns = sum->sum_ns;
    ret_packed->max_ns = sum->max_ns;
    ret_packed->size = (uint32_t)(at - bytes);
    ret_packed->bytes = g_memdup2(bytes, ret_packed->size);
}

void coarse_packed_clear(struct coarse_packed *packed)
{
    g_free(packed->bytes);
    memset(packed, 0, sizeof *packed);
}

void coarse_sum_add_packed(struct coarse_sum *sum, const struct coarse_packed *packed)
{
    const uint8_t *at = packed->bytes, *end = packed->bytes + packed->size;

    for (uint32_t cell = 0; at < end; cell++) {
        cell += (uint32_t)coarse_unpack_number(&at);
        sum->cells[cell] += coarse_unpack_number(&at);
        sum->groups |= UINT64_C(1) << (cell / COARSE_GROUP_CELLS);
    }
    sum->count += packed->count;
    sum->sum_ns += packed->sum_ns;
    sum->max_ns = MAX(sum->max_ns, packed->max_ns);
}

void coarse_sum_remove_packed(struct coarse_sum *sum, const struct coarse_packed *packed)
{
    const uint8_t *at = packed->bytes, *end = packed->bytes + packed->size;

    for (uint32_t cell = 0; at < end; cell++) {
        cell += (uint32_t)coarse_unpack_number(&at);
        sum->cells[cell] -= coarse_unpack_number(&at);
    }
    sum->count -= packed->count;
    sum->sum_ns -= packed->sum_ns;
}
