/* Var: variance of the distance to the nearest place.
 *
 * Sums of squares are exact integers; the subtraction in doubles loses a digit or two at most,
 * because distances to the nearest place vary about as much as they are long. Equal distances may
 * come out a hair below 0, hence the floor.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    double mean = tally_mean(t, FACT_NEAREST_1, TALLY_ALL, 1e6);
    double variance;

    (void)channel;
    variance = tally_ratio(tally_square(t, FACT_NEAREST_1, TALLY_ALL),
                           (double)tally_count(t, FACT_NEAREST_1, TALLY_ALL) * 1e12) -
               mean * mean;
    return variance < 0.0 ? 0.0 : variance;
}

const struct kpi kpi_var_nearest = {
    .name = "Var",
    .unit = "km^2",
    .group = "spatial",
    .definition = "variance of the distance to the nearest place",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
