/* E_first_6h: mean visits in the first six hours of a day.
 *
 * Tells a rate that moves over the day from one that does not, where the daily total can't.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(t->arrival.first_quarter_visits, t->arrival.days);
}

const struct kpi kpi_e_first_6h = {
    .name = "E_first_6h",
    .unit = "visits",
    .group = "arrival",
    .definition = "mean visits in the first six hours of a day",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
