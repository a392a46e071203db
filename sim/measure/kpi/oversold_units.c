/* oversold_units: units accepted on a stale view that the place no longer had.
 *
 * Counted before they are re-routed or cancelled, so it measures the view of stock and not the
 * rescue.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_OVERSOLD, channel);
}

const struct kpi kpi_oversold_units = {
    .name = "oversold_units",
    .unit = "units",
    .group = "service",
    .definition = "units accepted on a stale view that the place no longer had",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
