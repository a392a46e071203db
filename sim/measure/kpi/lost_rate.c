/* lost_rate: share of demanded units lost for want of stock.
 *
 * The complement of the fill rate when nothing is backordered, switched or cancelled.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_LOST, channel), tally_demand(t, channel));
}

const struct kpi kpi_lost_rate = {
    .name = "lost_rate",
    .unit = "1",
    .group = "service",
    .definition = "share of demanded units lost for want of stock",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
