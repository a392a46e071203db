/* points_spent: points spent.
 *
 * While measuring.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_no_members(t) ? kpi_none() : (double)tally_cents(t, FACT_POINTS_SPENT, channel);
}

const struct kpi kpi_points_spent = {
    .name = "points_spent",
    .unit = "points",
    .group = "members",
    .definition = "points spent",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
