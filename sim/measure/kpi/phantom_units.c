/* phantom_units: units on record that are not there, on average over time.
 *
 * Units that are there and not on record are not set against them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_accuracy)
        return kpi_none();
    return tally_level(t, GAUGE_PHANTOM);
}

const struct kpi kpi_phantom_units = {
    .name = "phantom_units",
    .unit = "units",
    .group = "accuracy",
    .definition = "units on record that are not there, on average over time",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
