/* return_cost: handling and parcels of returns, and the cost of returned goods that cannot be sold again.
 *
 * Information: handling and parcels are part of fulfilment cost and the goods of waste cost, and
 * neither is subtracted again. The refund is no cost: it takes a sale back.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    if (!t->counts_returns)
        return kpi_none();
    return tally_money(tally_cents(t, FACT_RETURN_COST, channel) +
                       tally_cents(t, FACT_RETURN_WASTED, channel));
}

const struct kpi kpi_return_cost = {
    .name = "return_cost",
    .unit = "money",
    .group = "returns",
    .definition = "handling and parcels of returns, and the cost of returned goods "
                  "that cannot be sold again",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
