/* net_sales: what customers paid, fees included, less what was refunded.
 *
 * Refunds are of units that were promised and never handed over, and of units that came back; the
 * cost of the latter is taken off the cost of goods. Backordered units count when they are
 * promised; what is still owed at the end of the run stays in, and is audited against the
 * backorders.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_books(t, channel).net_sales_cents);
}

const struct kpi kpi_net_sales = {
    .name = "net_sales",
    .unit = "money",
    .group = "sales",
    .definition = "what customers paid, fees included, less what was refunded",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
