/* touch_cost: what it costs to meet customers.
 *
 * Traffic, customers who were won, agents and guides: the line of the books between commission and
 * penalties.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_books(t, channel).touch_cents);
}

const struct kpi kpi_touch_cost = {
    .name = "touch_cost",
    .unit = "money",
    .group = "cost",
    .definition = "traffic, acquisition of customers, agents and guides",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
