/* renewals_per_subscription: orders of a subscription until it ends.
 *
 * As many as there were of each that ended; in the long run (1 - skip) (1 - cancel) / cancel.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_count(t, FACT_RENEWED, channel),
                       tally_count(t, FACT_UNSUBSCRIBED, channel));
}

const struct kpi kpi_renewals_per_subscription = {
    .name = "renewals_per_subscription",
    .unit = "orders",
    .group = "touch",
    .definition = "orders of subscriptions per subscription that ended",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
