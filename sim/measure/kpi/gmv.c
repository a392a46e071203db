/* gmv: value at list prices of all that customers wanted when they chose a channel.
 *
 * Gross merchandise value in the loose sense of the trade: before discounts, shortages and
 * refunds. The distance between it and net sales is what the chain gave away or could not serve.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_OPENED, channel));
}

const struct kpi kpi_gmv = {
    .name = "gmv",
    .unit = "money",
    .group = "sales",
    .definition = "value at list prices of all that customers wanted when they chose a channel",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
