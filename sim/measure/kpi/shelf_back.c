/* shelf_back: mean number of parts and parcels of a place that wait behind its full pickup shelf.
 *
 * They are picked, but their customers are not told: no customer comes for what has no slot.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_SHELF_BACK), (double)t->shelf_count);
}

const struct kpi kpi_shelf_back = {
    .name = "shelf_back",
    .unit = "parts",
    .group = "service",
    .definition =
        "mean number of parts and parcels of a place that wait behind its full pickup shelf",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
