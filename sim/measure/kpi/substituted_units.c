/* substituted_units: units missing in the shop in whose place customers took others.
 *
 * They were served, but not with what they wanted: no part of the fill rate.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_SUBSTITUTED, channel);
}

const struct kpi kpi_substituted_units = {
    .name = "substituted_units",
    .unit = "units",
    .group = "service",
    .definition = "units missing in the shop in whose place customers took others",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
