/* units_per_order: units promised per order.
 *
 * Promised units, so that shortages found after the promise do not make baskets look smaller than
 * customers filled them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_PLACED, channel),
                       tally_count(t, FACT_PLACED, channel));
}

const struct kpi kpi_units_per_order = {
    .name = "units_per_order",
    .unit = "units",
    .group = "sales",
    .definition = "units promised per order",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
