/* churned_members: members who left for good after an order that was late or cancelled.
 *
 * Shown for the channel of that order.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_CHURNED, channel);
}

const struct kpi kpi_churned_members = {
    .name = "churned_members",
    .unit = "members",
    .group = "service",
    .definition = "members who left for good after an order that was late or cancelled",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
