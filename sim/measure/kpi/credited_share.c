/* credited_share: store credit as a share of what online customers paid.
 *
 * Below the channel's `credit` where warehouses fulfil a part, where fees are paid, and where units
 * are cancelled.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t paid = 0;

    for (uint32_t i = 0; i < t->channel_count; i++)
        if ((t->online[i] || tally_count(t, FACT_CREDIT, i) != 0) &&
            (channel == TALLY_ALL || channel == i))
            paid += tally_cents(t, FACT_PLACED, i);
    return tally_ratio((double)tally_cents(t, FACT_CREDIT, channel), (double)paid);
}

const struct kpi kpi_credited_share = {
    .name = "credited_share",
    .unit = "1",
    .group = "sales",
    .definition = "store credit as a share of what online customers paid",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
