/* shelf_full_share: share of time that a pickup shelf with slots is full and takes no more orders.
 *
 * Over all places whose shelf has a number of slots; without one there is no value.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_SHELF_FULL), (double)t->shelf_limited_count);
}

const struct kpi kpi_shelf_full_share = {
    .name = "shelf_full_share",
    .unit = "1",
    .group = "service",
    .definition = "share of time that a pickup shelf with slots is full and takes no more orders",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
