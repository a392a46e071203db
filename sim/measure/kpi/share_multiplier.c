/* share_multiplier: how many orders come of one that nobody brought.
 *
 * The total progeny of a branching process: 1 / (1 - m) when each order brings m others.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t orders = tally_count(t, FACT_PLACED, channel);

    return tally_share(orders, orders - tally_count(t, FACT_BROUGHT, channel));
}

const struct kpi kpi_share_multiplier = {
    .name = "share_multiplier",
    .unit = "orders",
    .group = "touch",
    .definition = "orders in all per order that no shared link brought",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
