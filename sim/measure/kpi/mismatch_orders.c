/* mismatch_orders: online orders whose price shown was not the till's.
 *
 * Counted at check-out, whether the chain honours the lower price or the customer leaves: it is what a
 * stale or separate price list does to customers.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_PRICE_MISMATCH, channel);
}

const struct kpi kpi_mismatch_orders = {
    .name = "mismatch_orders",
    .unit = "orders",
    .group = "sales",
    .definition = "online orders whose price shown was not the till's",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
