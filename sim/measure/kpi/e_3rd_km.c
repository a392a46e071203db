/* E_3rd_km: mean distance to the third nearest place.
 *
 * Each further neighbour of a Poisson field is closer to the one before it. Emitted only with
 * run.nearest_facts.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean(t, FACT_NEAREST_3, TALLY_ALL, 1e6);
}

const struct kpi kpi_e_3rd_km = {
    .name = "E_3rd_km",
    .unit = "km",
    .group = "spatial",
    .definition = "mean distance to the third nearest place",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
