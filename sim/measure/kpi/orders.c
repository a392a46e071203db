/* orders: orders accepted.
 *
 * Counted when the promise is given, not when goods move: an order that is cancelled later was
 * one, and shows up again under cancelled units and refunds.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_PLACED, channel);
}

const struct kpi kpi_orders = {
    .name = "orders",
    .unit = "orders",
    .group = "sales",
    .definition = "orders accepted",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
