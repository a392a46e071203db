/* P0_pickup_shelf: share of time that a pickup shelf is empty.
 *
 * Over all places with one; exp(-level) for an unlimited shelf and Poisson orders.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return 1.0 - tally_ratio(tally_level(t, GAUGE_SHELF_USED), (double)t->shelf_count);
}

const struct kpi kpi_shelf_p0 = {
    .name = "P0_pickup_shelf",
    .unit = "1",
    .group = "dispersion",
    .definition = "share of time that a pickup shelf is empty",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
