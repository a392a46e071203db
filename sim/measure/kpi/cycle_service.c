/* cycle_service: share of replenishment cycles without a stock-out (type 1).
 *
 * A cycle ends with a receipt of the position. With (r,Q) and several orders under way the last
 * units may be taken more often than goods arrive at the end of a run, hence the floor at 0; NaN
 * passes through the comparison.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    double share;

    (void)channel;
    share =
        1.0 - tally_ratio((double)tally_count(t, FACT_STOCKOUT, TALLY_ALL), (double)t->cycle_count);
    return share < 0.0 ? 0.0 : share;
}

const struct kpi kpi_cycle_service = {
    .name = "cycle_service",
    .unit = "1",
    .group = "service",
    .definition = "share of replenishment cycles without a stock-out (type 1)",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
