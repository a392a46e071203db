/* fulfilment_cost_per_order: fulfilment cost per order.
 *
 * For a channel without the fixed cost of purchase orders, which belong to no channel; the total
 * has them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_ratio(tally_money(tally_books(t, channel).fulfilment_cents),
                       (double)tally_count(t, FACT_PLACED, channel));
}

const struct kpi kpi_fulfilment_cost_per_order = {
    .name = "fulfilment_cost_per_order",
    .unit = "money",
    .group = "fulfilment",
    .definition = "fulfilment cost per order",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
