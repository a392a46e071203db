/* days_of_supply: mean stock over the units sold per day.
 *
 * How long the stock would last: 365 / turns.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_UNITS) * tally_days(t),
                       (double)tally_sold(t, TALLY_ALL));
}

const struct kpi kpi_days_of_supply = {
    .name = "days_of_supply",
    .unit = "days",
    .group = "stock",
    .definition = "mean stock over the units sold per day",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
