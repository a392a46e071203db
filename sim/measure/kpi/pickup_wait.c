/* pickup_wait: mean time that goods ready for pickup wait for the customer.
 *
 * The customer decides it, but the shelf pays: Little's law turns it into the size of the pickup
 * shelf.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_COLLECTED, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_pickup_wait = {
    .name = "pickup_wait",
    .unit = "h",
    .group = "service",
    .definition = "mean time that goods ready for pickup wait for the customer",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
