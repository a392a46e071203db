/* E_backorders: mean units backordered.
 *
 * A time average over the measured time.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_BACKORDERS);
}

const struct kpi kpi_e_backorders = {
    .name = "E_backorders",
    .unit = "units",
    .group = "inventory",
    .definition = "mean units backordered",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
