/* returned_units: units that customers brought back or posted, and that arrived.
 *
 * Counted where they were bought, on the day that they came to a place.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    if (!t->counts_returns)
        return kpi_none();
    return (double)tally_quantity(t, FACT_RETURNED, channel);
}

const struct kpi kpi_returned_units = {
    .name = "returned_units",
    .unit = "units",
    .group = "returns",
    .definition = "units that customers brought back or posted, and that arrived",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
