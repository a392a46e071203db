/* group_wait: how long an order waits for its group.
 *
 * From joining until the group is made, of orders that went on.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_GROUPED, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_group_wait = {
    .name = "group_wait",
    .unit = "h",
    .group = "touch",
    .definition = "mean time from joining a group buy to its being full, of orders that went on",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
