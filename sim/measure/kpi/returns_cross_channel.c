/* returns_cross_channel: share of the returned units that were bought online and brought to a shop.
 *
 * Buy online, return in store (BORIS): goods that a shop takes back which it may never have sold.
 * Of an online channel, the share of its own returns.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_RETURN_CROSSED, channel),
                       tally_quantity(t, FACT_RETURNED, channel));
}

const struct kpi kpi_returns_cross_channel = {
    .name = "returns_cross_channel",
    .unit = "1",
    .group = "returns",
    .definition = "share of the returned units that were bought online and brought to "
                  "a shop",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
