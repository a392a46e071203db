/* reject_rate: times that a store rejected its part of an online order, per time asked.
 *
 * Only stores are asked, and only where the scenario lets them choose (integration.acceptance).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t rejected = tally_count(t, FACT_REJECTED, channel);
    return tally_ratio((double)rejected,
                       (double)(rejected + tally_count(t, FACT_ACCEPTED, channel)));
}

const struct kpi kpi_reject_rate = {
    .name = "reject_rate",
    .unit = "1",
    .group = "fulfilment",
    .definition = "times that a store rejected its part of an online order, per time asked",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
