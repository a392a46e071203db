/* turns: units sold per year over the mean stock.
 *
 * Annualised to 365 days and counted in units, so that price changes do not move it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    double years = tally_days(t) / 365.0;

    (void)channel;
    return tally_ratio((double)tally_sold(t, TALLY_ALL), tally_level(t, GAUGE_UNITS) * years);
}

const struct kpi kpi_turns = {
    .name = "turns",
    .unit = "1/year",
    .group = "stock",
    .definition = "units sold per year over the mean stock",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
