/* points_liability: what the points that members hold at the end are worth.
 *
 * At what a point pays for: what the chain would owe were they all spent.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_no_members(t) ? kpi_none() : (double)t->gauge[GAUGE_POINTS].level * t->point_money;
}

const struct kpi kpi_points_liability = {
    .name = "points_liability",
    .unit = "money",
    .group = "members",
    .definition = "what the points that members hold at the end are worth",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
