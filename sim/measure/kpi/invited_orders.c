/* invited_orders: orders of customers whom a link brought.
 *
 * Friends of buyers, and friends of theirs.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_BROUGHT, channel);
}

const struct kpi kpi_invited_orders = {
    .name = "invited_orders",
    .unit = "orders",
    .group = "touch",
    .definition = "orders of customers whom a shared link brought",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
