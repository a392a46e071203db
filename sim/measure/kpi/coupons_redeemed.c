/* coupons_redeemed: coupons redeemed.
 *
 * Per channel it shows the crossing: claimed in the app, redeemed at the till, once members are
 * merged.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_REDEEMED, channel);
}

const struct kpi kpi_coupons_redeemed = {
    .name = "coupons_redeemed",
    .unit = "coupons",
    .group = "sales",
    .definition = "coupons redeemed",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
