/* points_earned: points earned.
 *
 * While measuring.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_no_members(t) ? kpi_none() : (double)tally_cents(t, FACT_POINTS_EARNED, channel);
}

const struct kpi kpi_points_earned = {
    .name = "points_earned",
    .unit = "points",
    .group = "members",
    .definition = "points earned",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
