/* stockouts: times that the last physical unit of a position was taken.
 *
 * Events, not time: how long shelves stay empty shows in the ready rate.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_count(t, FACT_STOCKOUT, TALLY_ALL);
}

const struct kpi kpi_stockouts = {
    .name = "stockouts",
    .unit = "positions",
    .group = "stock",
    .definition = "times that the last physical unit of a position was taken",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
