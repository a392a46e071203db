/* mismatch_rate: mismatch orders per online order at check-out.
 *
 * Orders at check-out are those placed, those whose customer left at the price, and those that were
 * never paid. With changes that arrive `lag` late and hold for `every`, orders of one line meet one
 * with probability lag / every x (1 - (1 - share)^2).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t orders = 0, mismatches = tally_count(t, FACT_PRICE_MISMATCH, channel);

    for (uint32_t i = 0; i < t->channel_count; i++)
        if ((t->online[i] || tally_count(t, FACT_PRICE_MISMATCH, i) != 0) &&
            (channel == TALLY_ALL || channel == i))
            orders += tally_count(t, FACT_PLACED, i) + tally_count(t, FACT_WALKED, i) +
                      tally_count(t, FACT_PAYMENT_FAILED, i) + tally_count(t, FACT_HOLD_EXPIRED, i);
    return tally_share(mismatches, orders);
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
