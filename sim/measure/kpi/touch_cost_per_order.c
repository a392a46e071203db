/* touch_cost_per_order: what the touch point costs for each order.
 *
 * Traffic, customers, agents and guides; handling and delivery are fulfilment_cost_per_order.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_ratio(tally_money(tally_books(t, channel).touch_cents),
                       (double)tally_count(t, FACT_PLACED, channel));
}

const struct kpi kpi_touch_cost_per_order = {
    .name = "touch_cost_per_order",
    .unit = "money",
    .group = "touch",
    .definition = "traffic, acquisition, agents and guides per order",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
