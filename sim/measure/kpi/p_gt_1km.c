/* P_gt_1km: share of customers farther than run.distance_over (1 km by habit) from the nearest
 * place.
 *
 * Named after the oracle; the limit is the scenario's. NaN when it sets none.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_over_distance)
        return tally_ratio(0.0, 0.0);
    return tally_share(tally_count(t, FACT_OVER_DISTANCE, TALLY_ALL),
                       tally_count(t, FACT_NEAREST_1, TALLY_ALL));
}

const struct kpi kpi_p_gt_1km = {
    .name = "P_gt_1km",
    .unit = "1",
    .group = "spatial",
    .definition = "share of customers farther than run.distance_over (1 km by habit) from the "
                  "nearest place",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
