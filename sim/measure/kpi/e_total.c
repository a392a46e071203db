/* E_total: mean visits per day.
 *
 * Whole simulated days only, so that the mean and the variance below are of the same numbers.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(t->arrival.visits, t->arrival.days);
}

const struct kpi kpi_e_total = {
    .name = "E_total",
    .unit = "visits",
    .group = "arrival",
    .definition = "mean visits per day",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
