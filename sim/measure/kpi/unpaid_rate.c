/* unpaid_rate: check-outs that end without payment.
 *
 * A payment fails, or the hold runs out before it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t unpaid =
        tally_count(t, FACT_PAYMENT_FAILED, channel) + tally_count(t, FACT_HOLD_EXPIRED, channel);
    return tally_ratio((double)unpaid,
                       (double)(unpaid + tally_online_count(t, FACT_PLACED, channel)));
}

const struct kpi kpi_unpaid_rate = {
    .name = "unpaid_rate",
    .unit = "1",
    .group = "service",
    .definition = "check-outs that end without payment",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
