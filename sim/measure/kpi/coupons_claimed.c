/* coupons_claimed: coupons claimed by members.
 *
 * Claims while measuring. A coupon claimed in the warm-up and redeemed after it counts as redeemed
 * only.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_count(t, FACT_CLAIMED, TALLY_ALL);
}

const struct kpi kpi_coupons_claimed = {
    .name = "coupons_claimed",
    .unit = "coupons",
    .group = "sales",
    .definition = "coupons claimed by members",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
