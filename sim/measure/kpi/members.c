/* members: members at the end of the run.
 *
 * Who has joined and not left, by the gauge's level when the books are closed.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_no_members(t) ? kpi_none() : (double)t->gauge[GAUGE_MEMBERS].level;
}

const struct kpi kpi_members = {
    .name = "members",
    .unit = "members",
    .group = "members",
    .definition = "members at the end of the run",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
