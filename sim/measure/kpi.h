/* The contract of a KPI: one formula over a tally, in a file of its own under sim/measure/kpi/,
 * named in kpi.def. */
#ifndef OMO_MEASURE_KPI_H
#define OMO_MEASURE_KPI_H

#include "measure/tally.h"

enum kpi_direction { KPI_LESS_IS_BETTER = -1, KPI_NEUTRAL = 0, KPI_MORE_IS_BETTER = 1 };

struct kpi {
    /* the field's word, snake_case; textbook measures keep their symbols (L, Wq) */
    const char *name;
    const char
        *unit; /* "money", "units", "1" (a share or ratio), "h", "km", "orders", "units/day" ... */
    /* sales, service, fulfilment, stock, cost, queue, arrival, spatial, choice, oversell */
    const char *group;
    const char *definition; /* one sentence */
    enum kpi_direction direction;
    bool per_channel; /* also reported as NAME.CHANNEL */
    /* Value for one channel, or for all (TALLY_ALL). NaN = no cases. Money in currency units
     * (cents / 100), time in hours, shares 0..1. */
    double (*value)(const struct tally *t, uint32_t channel);
};

extern const struct kpi *const kpi_registry[];
extern const uint32_t kpi_registry_count;

#endif
