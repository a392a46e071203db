/* lead_time: mean time from order to complete hand-over.
 *
 * Until the last part is in the hands of the customer: a split order is as slow as its slowest
 * parcel.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_CLOSED, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_lead_time = {
    .name = "lead_time",
    .unit = "h",
    .group = "service",
    .definition = "mean time from order to complete hand-over",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
