/* shrink_cost: cost value of the units that vanished.
 *
 * At cost. A line of the profit of its own, besides waste.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_books(t, TALLY_ALL).shrink_cents);
}

const struct kpi kpi_shrink_cost = {
    .name = "shrink_cost",
    .unit = "money",
    .group = "accuracy",
    .definition = "cost value of the units that vanished",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
