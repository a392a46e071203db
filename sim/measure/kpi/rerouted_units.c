/* rerouted_units: oversold units that another place fulfils instead.
 *
 * Saved for the customer, at the price of a longer way. Oversold = re-routed + cancelled.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_REROUTED, channel);
}

const struct kpi kpi_rerouted_units = {
    .name = "rerouted_units",
    .unit = "units",
    .group = "service",
    .definition = "oversold units that another place fulfils instead",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
