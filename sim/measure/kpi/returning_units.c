/* returning_units: units handed over that will come back and have not arrived yet, on average over time.
 *
 * With customers or in parcels: rate of returns times mean delay, by Little's law.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_returns)
        return kpi_none();
    return tally_level(t, GAUGE_RETURNING);
}

const struct kpi kpi_returning_units = {
    .name = "returning_units",
    .unit = "units",
    .group = "returns",
    .definition = "units handed over that will come back and have not arrived yet, on "
                  "average over time",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
