/* stock_units: mean physical units in all places.
 *
 * Available, ring-fenced and reserved units together, averaged over time; goods under way are
 * in_transit_units.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_UNITS);
}

const struct kpi kpi_stock_units = {
    .name = "stock_units",
    .unit = "units",
    .group = "stock",
    .definition = "mean physical units in all places",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
