/* P_pickup_shelf_gt_n: share of time with more on a pickup shelf than run.shelf_over.
 *
 * How many slots the shelf needs is read from it. NaN when the scenario sets no number.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return t->counts_over_shelf
               ? tally_ratio(tally_level(t, GAUGE_SHELF_OVER), (double)t->shelf_count)
               : kpi_none();
}

const struct kpi kpi_shelf_p_over = {
    .name = "P_pickup_shelf_gt_n",
    .unit = "1",
    .group = "dispersion",
    .definition = "share of time with more on a pickup shelf than run.shelf_over",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
