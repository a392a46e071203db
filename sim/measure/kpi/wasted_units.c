/* wasted_units: units that expired.
 *
 * Past their shelf life and thrown away. Their cost is waste_cost.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_quantity(t, FACT_WASTED, TALLY_ALL);
}

const struct kpi kpi_wasted_units = {
    .name = "wasted_units",
    .unit = "units",
    .group = "stock",
    .definition = "units that expired",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
