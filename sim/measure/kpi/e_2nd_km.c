/* E_2nd_km: mean distance to the second nearest place.
 *
 * What the customer falls back on when the nearest has nothing. Emitted only with
 * run.nearest_facts.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean(t, FACT_NEAREST_2, TALLY_ALL, 1e6);
}

const struct kpi kpi_e_2nd_km = {
    .name = "E_2nd_km",
    .unit = "km",
    .group = "spatial",
    .definition = "mean distance to the second nearest place",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
