/* restock_rate: share of the returned units looked at that went back on sale.
 *
 * The rest is waste, perishables always.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_RESTOCKED, channel),
                       tally_quantity(t, FACT_RETURN_INSPECTED, channel));
}

const struct kpi kpi_restock_rate = {
    .name = "restock_rate",
    .unit = "1",
    .group = "returns",
    .definition = "share of the returned units looked at that went back on sale",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
