/* Var_pickup_shelf: variance of the number on a pickup shelf, over time and places.
 *
 * Equal to the mean when orders come in a Poisson stream and the shelf has no limit: it is an
 * M/G/infinity system then, whatever the law of collection.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    const double shelves = (double)t->shelf_count;
    const double mean = tally_ratio(tally_level(t, GAUGE_SHELF_LEVEL), shelves);

    return tally_ratio(tally_level(t, GAUGE_SHELF_SQUARE), shelves) - mean * mean;
}

const struct kpi kpi_shelf_variance = {
    .name = "Var_pickup_shelf",
    .unit = "parts^2",
    .group = "dispersion",
    .definition = "variance of the number on a pickup shelf, over time and places",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
