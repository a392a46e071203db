/* waste_cost: cost value of the units that expired, or came back and could not be sold again.
 *
 * At cost. Expired units were never reserved, so they are not in the cost of goods; that of returned
 * ones is taken off it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_books(t, TALLY_ALL).waste_cents);
}

const struct kpi kpi_waste_cost = {
    .name = "waste_cost",
    .unit = "money",
    .group = "cost",
    .definition = "cost value of the units that expired, or came back and could not be sold again",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
