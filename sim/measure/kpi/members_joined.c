/* members_joined: people who became members while measuring.
 *
 * By growth and by registration at a purchase alike.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_no_members(t) ? kpi_none()
                               : (double)tally_quantity(t, FACT_MEMBERS_JOINED, TALLY_ALL);
}

const struct kpi kpi_members_joined = {
    .name = "members_joined",
    .unit = "members",
    .group = "members",
    .definition = "people who became members while measuring",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
