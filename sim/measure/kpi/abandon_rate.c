/* abandon_rate: visits that chose a channel and gave up at one of its steps.
 *
 * Friction: 1 less the product of the shares that go on at each step (the funnel).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_count(t, FACT_ABANDONED, channel),
                       tally_count(t, FACT_OPENED, channel));
}

const struct kpi kpi_abandon_rate = {
    .name = "abandon_rate",
    .unit = "1",
    .group = "touch",
    .definition = "share of the visits choosing a channel that give up at a step of it",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
