/* aov: net sales per order (average order value).
 *
 * After refunds, fees included: what an order is worth to the chain, not what its basket showed.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_ratio(tally_money(tally_books(t, channel).net_sales_cents),
                       (double)tally_count(t, FACT_PLACED, channel));
}

const struct kpi kpi_aov = {
    .name = "aov",
    .unit = "money",
    .group = "sales",
    .definition = "net sales per order (average order value)",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
