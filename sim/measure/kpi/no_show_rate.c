/* no_show_rate: share of parts that were ready to be fetched whose customer never came.
 *
 * Of those whose end is known: fetched, or expired.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    const int64_t ready = tally_count(t, FACT_PICKUP_EXPIRED, channel) +
                          tally_count(t, FACT_COLLECTED, channel) +
                          tally_count(t, FACT_FETCHED, channel);

    return tally_share(tally_count(t, FACT_NO_SHOW, channel), ready);
}

const struct kpi kpi_no_show_rate = {
    .name = "no_show_rate",
    .unit = "1",
    .group = "service",
    .definition = "share of parts that were ready to be fetched whose customer never came",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
