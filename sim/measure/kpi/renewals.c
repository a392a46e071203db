/* renewals: orders that subscriptions brought.
 *
 * Periods that were left out brought none.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_RENEWED, channel);
}

const struct kpi kpi_renewals = {
    .name = "renewals",
    .unit = "orders",
    .group = "touch",
    .definition = "orders of subscriptions",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
