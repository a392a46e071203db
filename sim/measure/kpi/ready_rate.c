/* ready_rate: share of positions and time with at least one unreserved unit.
 *
 * The time average of positions in stock over all positions. With Poisson demand of single units
 * it equals the fill rate (PASTA), which the theory tests use.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_IN_STOCK), (double)t->position_count);
}

const struct kpi kpi_ready_rate = {
    .name = "ready_rate",
    .unit = "1",
    .group = "service",
    .definition = "share of positions and time with at least one unreserved unit",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
