/* E_nearest_km: mean distance to the nearest place.
 *
 * 1 / (2 sqrt(density)) in a Poisson field of places. Emitted only with run.nearest_facts.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean(t, FACT_NEAREST_1, TALLY_ALL, 1e6);
}

const struct kpi kpi_e_nearest_km = {
    .name = "E_nearest_km",
    .unit = "km",
    .group = "spatial",
    .definition = "mean distance to the nearest place",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
