/* stock_value: mean cost value of the physical stock.
 *
 * At cost, not at list price: the money that lies on the shelves.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_VALUE) / 100.0;
}

const struct kpi kpi_stock_value = {
    .name = "stock_value",
    .unit = "money",
    .group = "stock",
    .definition = "mean cost value of the physical stock",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
