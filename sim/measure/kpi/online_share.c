/* online_share: share of orders placed on online channels.
 *
 * Penetration of online, pickup included: what counts is where the order was placed, not where it
 * was handed over.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_online_count(t, FACT_PLACED, TALLY_ALL),
                       tally_count(t, FACT_PLACED, TALLY_ALL));
}

const struct kpi kpi_online_share = {
    .name = "online_share",
    .unit = "1",
    .group = "sales",
    .definition = "share of orders placed on online channels",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
