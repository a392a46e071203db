/* entry_delay: time from an online order until it was keyed in by hand.
 *
 * Waiting for the store to open and for a clerk, and the keying itself.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_ENTERED, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_entry_delay = {
    .name = "entry_delay",
    .unit = "h",
    .group = "service",
    .definition = "time from an online order until it was keyed in by hand",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
