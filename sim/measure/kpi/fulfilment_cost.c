/* fulfilment_cost: handling, parcels, courier trips, and in the total the fixed cost of purchase
 * orders.
 *
 * Contains ordering_cost, which must not be subtracted again. Ordering has no channel, so channels
 * add up to the total less it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_books(t, channel).fulfilment_cents);
}

const struct kpi kpi_fulfilment_cost = {
    .name = "fulfilment_cost",
    .unit = "money",
    .group = "cost",
    .definition = "handling, parcels, courier trips, and in the total the fixed cost of purchase "
                  "orders",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
