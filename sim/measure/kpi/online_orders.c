/* online_orders: orders placed on online channels, pickup included, and those that a clerk places
 * for a customer in the shop. */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_online_count(t, FACT_PLACED, TALLY_ALL);
}

const struct kpi kpi_online_orders = {
    .name = "online_orders",
    .unit = "orders",
    .group = "sales",
    .definition = "orders placed on online channels",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
