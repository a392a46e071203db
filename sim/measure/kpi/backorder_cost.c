/* backorder_cost: cost of units owed to customers.
 *
 * Units backordered x time at a rate, or a charge at the end of each review period. Subtracted in
 * the profit beside the penalties.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_books(t, TALLY_ALL).backorder_cents);
}

const struct kpi kpi_backorder_cost = {
    .name = "backorder_cost",
    .unit = "money",
    .group = "cost",
    .definition = "cost of units owed to customers",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
