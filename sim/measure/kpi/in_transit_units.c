/* in_transit_units: mean units on order or under way to a place.
 *
 * By Little's law mean lead time x units ordered per time, whatever the policy: left out of a cost
 * it is the usual reason why two models differ.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_IN_TRANSIT);
}

const struct kpi kpi_in_transit_units = {
    .name = "in_transit_units",
    .unit = "units",
    .group = "stock",
    .definition = "mean units on order or under way to a place",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
