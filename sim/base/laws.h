/* Sampling of omo_law from keyed draws, and the discrete helpers that the model needs. */
#ifndef OMO_BASE_LAWS_H
#define OMO_BASE_LAWS_H

#include <omosim/law.h>

#include "base/draws.h"

/* One value of the law. The law has passed omo_law_check. */
double law_draw(const omo_law *law, struct draw_cursor *c);
/* One value rounded to the nearest microsecond, at least 0 and below 2^62. */
int64_t law_draw_us(const omo_law *law, struct draw_cursor *c);
/* Exact Poisson variate: inversion for small means, PTRS (Hormann 1993) from 10 on. mean >= 0 and
 * below 1e9. */
uint32_t law_poisson(double mean, struct draw_cursor *c);
/* Standard exponential, and standard normal. */
double law_exponential(struct draw_cursor *c);
double law_normal(struct draw_cursor *c);

/* Alias table (Walker 1977, built by Vose 1991) over `count` weights, 8 bytes an entry, one 32-bit
 * word a draw plus one for the coin: thresholds are 32-bit integers, so that sampling is exact
 * integer arithmetic. */
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
