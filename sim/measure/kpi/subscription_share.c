/* subscription_share: how much of net sales comes round by itself.
 *
 * Goods of subscriptions' orders.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_ratio((double)tally_cents(t, FACT_RENEWED, channel),
                       (double)tally_books(t, channel).net_sales_cents);
}

const struct kpi kpi_subscription_share = {
    .name = "subscription_share",
    .unit = "1",
    .group = "touch",
    .definition = "share of net sales in orders of subscriptions",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
