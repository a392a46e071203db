/* fill_rate_type2: share of demanded units handed out from stock, by its textbook name.
 *
 * Equal to fill_rate; the name tells it from type 1, which counts cycles.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_from_stock(t, TALLY_ALL), tally_demand(t, TALLY_ALL));
}

const struct kpi kpi_fill_rate_type2 = {
    .name = "fill_rate_type2",
    .unit = "1",
    .group = "inventory",
    .definition = "share of demanded units handed out from stock, by its textbook name",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
