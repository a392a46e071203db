/* switched_units: units missing in the shop that customers ordered online instead.
 *
 * The endless aisle at work: shown for the channel that lacked them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_SWITCHED, channel);
}

const struct kpi kpi_switched_units = {
    .name = "switched_units",
    .unit = "units",
    .group = "service",
    .definition = "units missing in the shop that customers ordered online instead",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
