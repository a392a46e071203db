/* held_units: units held for check-outs that are not paid yet, on average.
 *
 * By Little's law: units checked out per time x E[min(time to payment, hold)]. They are on the shelf
 * and for nobody.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_HELD);
}

const struct kpi kpi_held_units = {
    .name = "held_units",
    .unit = "units",
    .group = "stock",
    .definition = "units held for check-outs that are not paid yet, on average",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
