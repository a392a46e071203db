/* members_left: members who left while measuring.
 *
 * Dropped out after a purchase, did not stay at the end of a period, or left over a broken promise.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_quantity(t, FACT_MEMBERS_LEFT, TALLY_ALL);
}

const struct kpi kpi_members_left = {
    .name = "members_left",
    .unit = "members",
    .group = "members",
    .definition = "members who left while measuring",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
