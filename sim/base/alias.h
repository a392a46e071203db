/* Drawing from any finite distribution in constant time: alias tables (alias.c).
 *
 * Walker 1977, built by Vose 1991, over `count` weights, 8 bytes an entry, one 32-bit word a draw
 * plus one for the coin: thresholds are 32-bit integers, so that sampling is exact integer
 * arithmetic. */
#ifndef OMO_BASE_ALIAS_H
#define OMO_BASE_ALIAS_H

#include "base/draws.h"

struct alias_entry {
    uint32_t threshold; /* keep the column when the coin is below this */
    uint32_t other;
};
/* Fills `ret_table` (count entries). `work` has room for 2 * count doubles and uint32_t: take size
 * from alias_work_size. Weights are finite, not negative, with a positive sum. */
size_t alias_work_size(uint32_t count);
void alias_build(const double *weight, uint32_t count, void *work, struct alias_entry *ret_table);
static inline uint32_t alias_draw(const struct alias_entry *table, uint32_t count,
                                  struct draw_cursor *c)
{
    uint32_t column = draw_below(c, count);
    return draw_u32(c) < table[column].threshold ? column : table[column].other;
}

#endif
