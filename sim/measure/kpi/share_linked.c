/* share_linked: purchases by members whose ids are linked.
 *
 * Of the purchases of members. Weighs members by how often they buy.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_MEMBER_BOUGHT, channel),
                       tally_count(t, FACT_MEMBER_BOUGHT, channel));
}

const struct kpi kpi_share_linked = {
    .name = "share_linked",
    .unit = "1",
    .group = "members",
    .definition = "purchases by members whose ids are linked",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
