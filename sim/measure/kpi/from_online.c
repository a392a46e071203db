/* from_online: orders of customers who had looked online first.
 *
 * Browse online, buy here: shown for the channel that sold.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_FROM_ONLINE, channel);
}

const struct kpi kpi_from_online = {
    .name = "from_online",
    .unit = "orders",
    .group = "sales",
    .definition = "orders of customers who had looked online first",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
