/* Var_total: sample variance of the visits per day.
 *
 * Equals the mean for a Poisson process; above it, days differ. Divided by n - 1, exact in
 * integers until the last division: 10^7 visits a day over 10^4 days stay far below 128 bits.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    core_int128 n = t->arrival.days;
    core_int128 sum = t->arrival.visits;

    (void)channel;
    return tally_ratio((double)(n * t->arrival.visits_square - sum * sum), (double)(n * (n - 1)));
}

const struct kpi kpi_var_total = {
    .name = "Var_total",
    .unit = "visits^2",
    .group = "arrival",
    .definition = "sample variance of the visits per day",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
