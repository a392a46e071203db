/* elsewhere_units: units missing in the shop that customers went to another shop for.
 *
 * Demand again where they arrive; lost when they give up on the way.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_ELSEWHERE, channel);
}

const struct kpi kpi_elsewhere_units = {
    .name = "elsewhere_units",
    .unit = "units",
    .group = "service",
    .definition = "units missing in the shop that customers went to another shop for",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
