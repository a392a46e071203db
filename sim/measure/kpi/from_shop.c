/* from_shop: orders of customers who had been to a shop first.
 *
 * Browse in a shop, buy here: shown for the channel that sold. Orders that a shop's customer makes on
 * the spot are in switched_units and screen_units.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_FROM_SHOP, channel);
}

const struct kpi kpi_from_shop = {
    .name = "from_shop",
    .unit = "orders",
    .group = "sales",
    .definition = "orders of customers who had been to a shop first",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
