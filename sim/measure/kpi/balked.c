/* balked: visits that turned away at the sight of a till's queue.
 *
 * They chose the shop and came; what they wanted was never taken from a shelf.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_BALKED, channel);
}

const struct kpi kpi_balked = {
    .name = "balked",
    .unit = "visits",
    .group = "service",
    .definition = "visits that turned away at the sight of a till's queue",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
