/* The table behind omo_empirical: values, probabilities and an alias table over them, in one block
 * without pointers, so that whoever keeps a law copies it whole. */
#ifndef OMO_BASE_EMPIRICAL_H
#define OMO_BASE_EMPIRICAL_H

#include <omosim/law.h>

#include "base/alias.h"

#define EMPIRICAL_COUNT_MAX (UINT32_C(1) << 20)
#define EMPIRICAL_VALUE_MAX 0x1p62

struct empirical_entry {
    double value;
    double share; /* its probability */
    struct alias_entry alias;
};

struct omo_empirical {
    uint32_t count;
    double mean, variance;
    struct empirical_entry entry[];
};

/* Bytes of the whole table. */
size_t empirical_size(const omo_empirical *table);

static inline double empirical_draw(const omo_empirical *table, struct draw_cursor *c)
{
    uint32_t column = draw_below(c, table->count);
    const struct alias_entry *alias = &table->entry[column].alias;

    return table->entry[draw_u32(c) < alias->threshold ? column : alias->other].value;
}

#endif
