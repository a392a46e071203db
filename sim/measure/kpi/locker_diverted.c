/* locker_diverted: parcels that found their locker full and went to another or waited at the depot.
 *
 * A free box at the order is not held for the parcel.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_BOX_FULL, channel);
}

const struct kpi kpi_locker_diverted = {
    .name = "locker_diverted",
    .unit = "parts",
    .group = "service",
    .definition = "parcels that found their locker full and went to another or waited at the depot",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
