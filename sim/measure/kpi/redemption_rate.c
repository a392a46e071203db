/* redemption_rate: coupons redeemed per coupon claimed.
 *
 * With a warm-up it may pass 1, since coupons claimed before the measures began are redeemed
 * after; with short runs it is low, since claims need time.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_count(t, FACT_REDEEMED, TALLY_ALL),
                       tally_count(t, FACT_CLAIMED, TALLY_ALL));
}

const struct kpi kpi_redemption_rate = {
    .name = "redemption_rate",
    .unit = "1",
    .group = "sales",
    .definition = "coupons redeemed per coupon claimed",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
