/* delivery_time: mean time from order to delivery of a part.
 *
 * Parts, not orders: a split order counts once for each parcel. The order as a whole is lead_time.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_DELIVERED, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_delivery_time = {
    .name = "delivery_time",
    .unit = "h",
    .group = "service",
    .definition = "mean time from order to delivery of a part",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
