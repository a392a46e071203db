/* pickup_verify_wait: mean time that customers who come to fetch something wait for the counter.
 *
 * Only where that takes staff time (a channel's `verify`, the service of `parcels`); third parties'
 * parcels are in the total and in no channel.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_VERIFY_START, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_pickup_verify_wait = {
    .name = "pickup_verify_wait",
    .unit = "h",
    .group = "service",
    .definition = "mean time that customers who come to fetch something wait for the counter",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
