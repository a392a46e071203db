/* online_aov: net sales per online order, the online basket that a chain reports.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t cents = 0;

    (void)channel;
    for (uint32_t i = 0; i < t->channel_count; i++)
        if (t->online[i])
            cents += tally_books(t, i).net_sales_cents;
    return tally_ratio(tally_money(cents), (double)tally_online_count(t, FACT_PLACED, TALLY_ALL));
}

const struct kpi kpi_online_aov = {
    .name = "online_aov",
    .unit = "money",
    .group = "sales",
    .definition = "net sales per order on online channels",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
