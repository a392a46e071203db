/* count_cost: cost of counting stock and of smart shelves.
 *
 * A line of the profit of its own.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_books(t, TALLY_ALL).counting_cents);
}

const struct kpi kpi_count_cost = {
    .name = "count_cost",
    .unit = "money",
    .group = "accuracy",
    .definition = "cost of counting stock and of smart shelves",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
