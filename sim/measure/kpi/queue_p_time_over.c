/* P_W_gt_t: share of customers whose time in the system of a till is above run.sojourn_over.
 *
 * NaN when the scenario sets no limit: then nobody counts, and a 0 would read as good service.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_over_sojourn)
        return tally_ratio(0.0, 0.0);
    return tally_share(tally_count(t, FACT_OVER_SOJOURN, TALLY_ALL),
                       tally_count(t, FACT_TILL_DONE, TALLY_ALL));
}

const struct kpi kpi_queue_p_time_over = {
    .name = "P_W_gt_t",
    .unit = "1",
    .group = "queue",
    .definition = "share of customers whose time in the system of a till is above run.sojourn_over",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
