/* locker_occupancy: share of the boxes of all lockers that are taken.
 *
 * Over the whole time.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_BOXES_TAKEN), (double)t->box_count);
}

const struct kpi kpi_locker_occupancy = {
    .name = "locker_occupancy",
    .unit = "1",
    .group = "service",
    .definition = "share of the boxes of all lockers that are taken",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
