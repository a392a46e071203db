/* holding_cost: cost of holding stock.
 *
 * An area (units x time) at a rate, or a charge on the stock at the end of each review period, as
 * the scenario says; the world works it out once, from integers.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_books(t, TALLY_ALL).holding_cents);
}

const struct kpi kpi_holding_cost = {
    .name = "holding_cost",
    .unit = "money",
    .group = "cost",
    .definition = "cost of holding stock",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
