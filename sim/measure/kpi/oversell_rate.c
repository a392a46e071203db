/* oversell_rate: oversold units per unit promised online.
 *
 * Only online channels see stock through a lag; a shop sells what lies on its shelf, so its units
 * are left out of the base and it has no rate of its own.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_ratio((double)tally_quantity(t, FACT_OVERSOLD, channel),
                       (double)tally_online_quantity(t, FACT_PLACED, channel));
}

const struct kpi kpi_oversell_rate = {
    .name = "oversell_rate",
    .unit = "1",
    .group = "service",
    .definition = "oversold units per unit promised online",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
