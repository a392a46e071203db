/* fill_rate: share of demanded units handed out from stock (type 2).
 *
 * Valid for lost sales and for backorders alike: units reserved, and found by the picker, less those
 * that filled a backorder came from stock; lost, cancelled and backordered units did not. Units that
 * a shop lacked and the customer ordered online are unserved demand of the shop, and in the total
 * they count once, by what the online channel made of them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_from_stock(t, channel), tally_demand(t, channel));
}

const struct kpi kpi_fill_rate = {
    .name = "fill_rate",
    .unit = "1",
    .group = "service",
    .definition = "share of demanded units handed out from stock (type 2)",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
