/* points_lapsed: points that lapsed.
 *
 * While measuring.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_no_members(t) ? kpi_none() : (double)tally_cents(t, FACT_POINTS_LAPSED, TALLY_ALL);
}

const struct kpi kpi_points_lapsed = {
    .name = "points_lapsed",
    .unit = "points",
    .group = "members",
    .definition = "points that lapsed",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
