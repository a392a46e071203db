/* Facts: the 32-byte records of all that happened. KPIs, series, traces, digests and load plans
 * read facts.
 *
 *  offset size  field
 *       0    8  at_us     when, microseconds since the run began
 *       8    8  order     identity: cell (18 bits) << 44 | day (22 bits) << 22 | ordinal (22 bits);
 *                         the top bit is set for the online order that a walk-in makes of missing
 *                         lines, bit 62 for a visit that follows from the one without it; 0 where
 *                         no order is meant
 *      16    4  place     index, or UINT32_MAX
 *      20    4  packed    kind (8 bits), channel (5 bits, 31 = none), quantity (19 bits)
 *      24    8  amount    meaning by kind: cents, microseconds or millimetres; the list of facts says
 *
 * Facts about a line carry its SKU instead of the upper half: amount is then sku (high 32 bits)
 * and cents (low 32 bits, signed). Little-endian in files. The kinds and their meaning:
 * omo_registry_name(OMO_REGISTRY_FACT, kind).
 */
#ifndef OMOSIM_FACT_H
#define OMOSIM_FACT_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct omo_fact {
    int64_t at_us;
    uint64_t order;
    uint32_t place;
    uint32_t packed;
    int64_t amount;
} omo_fact;

#define OMO_FACT_NO_CHANNEL 31u
#define OMO_FACT_QUANTITY_MAX 0x7FFFFu

static inline uint32_t omo_fact_kind(const omo_fact *f) { return f->packed & 255u; }
static inline uint32_t omo_fact_channel(const omo_fact *f) { return f->packed >> 8 & 31u; }
static inline uint32_t omo_fact_quantity(const omo_fact *f) { return f->packed >> 13; }
/* Facts about a line only. */
static inline uint32_t omo_fact_sku(const omo_fact *f)
{
    return (uint32_t)((uint64_t)f->amount >> 32);
}
static inline int32_t omo_fact_line_cents(const omo_fact *f)
{
    return (int32_t)(uint32_t)(uint64_t)f->amount;
}

#ifdef __cplusplus
}
#endif
#endif
