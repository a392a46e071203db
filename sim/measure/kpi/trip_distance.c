/* trip_distance: mean distance of a parcel or courier trip.
 *
 * One way, from the place to the customer. What the vehicle drives back is not modelled.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_TRIP, channel, 1e6);
}

const struct kpi kpi_trip_distance = {
    .name = "trip_distance",
    .unit = "km",
    .group = "fulfilment",
    .definition = "mean distance of a parcel or courier trip",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
