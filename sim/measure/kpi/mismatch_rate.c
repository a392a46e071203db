/* mismatch_rate: mismatch orders per online order at check-out.
 *
 * Orders at check-out are those placed, those whose customer left at the price, and those that were
 * never paid. With changes that arrive `lag` late and hold for `every`, orders of one line meet one
 * with probability lag / every x (1 - (1 - share)^2).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_ratio((double)tally_count(t, FACT_PRICE_MISMATCH, channel),
                       (double)(tally_online_count(t, FACT_PLACED, channel) +
                                tally_count(t, FACT_WALKED, channel) +
                                tally_count(t, FACT_PAYMENT_FAILED, channel) +
                                tally_count(t, FACT_HOLD_EXPIRED, channel)));
}

const struct kpi kpi_mismatch_rate = {
    .name = "mismatch_rate",
    .unit = "1",
    .group = "sales",
    .definition = "mismatch orders per online order at check-out",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
