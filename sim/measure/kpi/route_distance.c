/* route_distance: mean distance between customer and the places that fulfil an order.
 *
 * Each place of an order counts once, pickup included: what the routing policy decides, before any
 * carrier.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_ROUTED, channel, 1e6);
}

const struct kpi kpi_route_distance = {
    .name = "route_distance",
    .unit = "km",
    .group = "fulfilment",
    .definition = "mean distance between customer and the places that fulfil an order",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
