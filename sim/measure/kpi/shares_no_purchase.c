/* shares.no_purchase: share of visits that choose to buy nothing.
 *
 * The outside option, named as if it were one more channel so that the shares read as one table.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t left = tally_count(t, FACT_LEFT, TALLY_ALL);

    (void)channel;
    return tally_share(left, tally_count(t, FACT_OPENED, TALLY_ALL) + left);
}

const struct kpi kpi_shares_no_purchase = {
    .name = "shares.no_purchase",
    .unit = "1",
    .group = "choice",
    .definition = "share of visits that choose to buy nothing",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
