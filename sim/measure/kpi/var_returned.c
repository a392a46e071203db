/* Var_returned: sample variance of the units that came back per day.
 *
 * Equals the mean when sold units come back one by one: a thinned Poisson process that is
 * displaced in time is Poisson. Divided by n - 1, as Var_total.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_returns)
        return kpi_none();
    core_int128 n = t->arrival.days;
    core_int128 sum = t->arrival.returned;

    return tally_ratio((double)(n * t->arrival.returned_square - sum * sum), (double)(n * (n - 1)));
}

const struct kpi kpi_var_returned = {
    .name = "Var_returned",
    .unit = "units^2",
    .group = "returns",
    .definition = "sample variance of the units that came back per day",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
