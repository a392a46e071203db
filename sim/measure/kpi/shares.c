/* shares: share of visits that choose the channel; in total those that choose any.
 *
 * The multinomial logit shares as they came out. With shares.no_purchase the channels add up to 1.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t visits = tally_count(t, FACT_OPENED, TALLY_ALL) + tally_count(t, FACT_LEFT, TALLY_ALL);

    return tally_share(tally_count(t, FACT_OPENED, channel), visits);
}

const struct kpi kpi_shares = {
    .name = "shares",
    .unit = "1",
    .group = "choice",
    .definition = "share of visits that choose the channel; in total those that choose any",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
