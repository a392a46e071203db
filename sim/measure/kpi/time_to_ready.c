/* time_to_ready: mean time from order until a part is ready for pickup.
 *
 * Picker queue, picking and opening hours together; what the promise of a pickup channel is held
 * against.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_READY, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_time_to_ready = {
    .name = "time_to_ready",
    .unit = "h",
    .group = "service",
    .definition = "mean time from order until a part is ready for pickup",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
