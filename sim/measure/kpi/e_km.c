/* E_km: mean distance from the customer to the places that fulfil.
 *
 * Under nearest_in_stock and one unit an order: the nearest place of a field thinned to those that
 * have it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean(t, FACT_ROUTED, TALLY_ALL, 1e6);
}

const struct kpi kpi_e_km = {
    .name = "E_km",
    .unit = "km",
    .group = "spatial",
    .definition = "mean distance from the customer to the places that fulfil",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
