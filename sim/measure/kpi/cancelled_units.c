/* cancelled_units: promised units that nobody could fulfil.
 *
 * The end of an oversell that no other place could mend: promise broken, money refunded.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_CANCELLED, channel);
}

const struct kpi kpi_cancelled_units = {
    .name = "cancelled_units",
    .unit = "units",
    .group = "service",
    .definition = "promised units that nobody could fulfil",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
