/* pickup_shelf_level: mean number of parts and parcels on the pickup shelf of a place.
 *
 * Over all places that offer pickup or keep third parties' parcels, and over the whole time. What
 * waits behind a full shelf is shelf_back.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_SHELF_LEVEL), (double)t->shelf_count);
}

const struct kpi kpi_pickup_shelf_level = {
    .name = "pickup_shelf_level",
    .unit = "parts",
    .group = "service",
    .definition = "mean number of parts and parcels on the pickup shelf of a place",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
