/* Var_returning: variance over time of the units that will come back and have not arrived yet.
 *
 * Equals the mean when units come back one by one: they are then the customers of a queue
 * M/G/infinity.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_returns)
        return kpi_none();
    double mean = tally_level(t, GAUGE_RETURNING);

    return tally_level(t, GAUGE_RETURNING_SQUARE) - mean * mean;
}

const struct kpi kpi_var_returning = {
    .name = "Var_returning",
    .unit = "units^2",
    .group = "returns",
    .definition = "variance over time of the units that will come back and have not "
                  "arrived yet",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
