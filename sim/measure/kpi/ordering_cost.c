/* ordering_cost: fixed cost of purchase orders.
 *
 * Information: already part of fulfilment_cost.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_cents(t, FACT_PURCHASE, TALLY_ALL));
}

const struct kpi kpi_ordering_cost = {
    .name = "ordering_cost",
    .unit = "money",
    .group = "cost",
    .definition = "fixed cost of purchase orders",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
