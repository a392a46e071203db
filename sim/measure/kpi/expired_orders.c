/* expired_orders: parts that were not fetched in time and went back on sale.
 *
 * No-shows, and customers who would have come after the hold.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_PICKUP_EXPIRED, channel);
}

const struct kpi kpi_expired_orders = {
    .name = "expired_orders",
    .unit = "orders",
    .group = "service",
    .definition = "parts that were not fetched in time and went back on sale",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
