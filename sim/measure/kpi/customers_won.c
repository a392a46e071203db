/* customers_won: customers who bought for the first time.
 *
 * Counted where some channel pays for customers; a purchase of somebody who is no member wins one each
 * time, because nobody can tell.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_ACQUIRED, channel);
}

const struct kpi kpi_customers_won = {
    .name = "customers_won",
    .unit = "customers",
    .group = "touch",
    .definition = "first purchases, counted where some channel has an acquisition cost",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
