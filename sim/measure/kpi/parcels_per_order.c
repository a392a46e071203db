/* parcels_per_order: parcels and courier trips per order of the channels that ship.
 *
 * Pickup and take away send nothing and would only thin the mean. Orders cancelled whole send no
 * parcel and stay in the base.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_shipping_count(t, FACT_SHIPPED, channel),
                       tally_shipping_count(t, FACT_PLACED, channel));
}

const struct kpi kpi_parcels_per_order = {
    .name = "parcels_per_order",
    .unit = "parcels",
    .group = "fulfilment",
    .definition = "parcels and courier trips per order of the channels that ship",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
