/* acquisition_cost: what was paid to win customers.
 *
 * Once for each customer, with the first purchase, by the channel that it was made in.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_ACQUIRED, channel));
}

const struct kpi kpi_acquisition_cost = {
    .name = "acquisition_cost",
    .unit = "money",
    .group = "touch",
    .definition = "paid for customers who were won",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
