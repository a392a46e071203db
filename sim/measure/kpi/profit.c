/* profit: net sales less goods, fulfilment, holding, waste, shrink, counting, commission, penalties
 * and backorder cost.
 *
 * profit = net_sales - cost_of_goods - fulfilment_cost - holding_cost - waste_cost - shrink_cost -
 * count_cost - commission - penalties - backorder_cost, exactly, in cents. Refunds are already taken
 * off net sales and ordering cost is part of fulfilment cost; both are shown beside it as information
 * and are not subtracted again. Lost sales enter only through the penalty that the scenario sets on
 * them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_books(t, TALLY_ALL).profit_cents);
}

const struct kpi kpi_profit = {
    .name = "profit",
    .unit = "money",
    .group = "cost",
    .definition = "net sales less goods, fulfilment, holding, waste, shrink, counting, commission, "
                  "penalties and backorder cost",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
