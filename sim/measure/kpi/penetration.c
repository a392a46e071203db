/* penetration: members at the end, of those who could be.
 *
 * The potential is the population of all zones. With Bass growth from nobody it is F(t).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio((double)t->gauge[GAUGE_MEMBERS].level, (double)t->member_potential);
}

const struct kpi kpi_penetration = {
    .name = "penetration",
    .unit = "1",
    .group = "members",
    .definition = "members at the end, of those who could be",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
