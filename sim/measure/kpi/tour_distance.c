/* tour_distance: mean distance of a courier's tour, the way back included.
 *
 * By nearest neighbour over the customers of the batch.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_TOUR, channel, 1e6);
}

const struct kpi kpi_tour_distance = {
    .name = "tour_distance",
    .unit = "km",
    .group = "fulfilment",
    .definition = "mean distance of a courier's tour, the way back included",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
