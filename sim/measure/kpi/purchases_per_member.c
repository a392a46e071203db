/* purchases_per_member: purchases of members, for each who was one while measuring.
 *
 * Recognised or not. Of a BG/NBD population from its beginning it is E[X(t)].
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio((double)tally_count(t, FACT_MEMBER_BOUGHT, TALLY_ALL),
                       tally_members_ever(t));
}

const struct kpi kpi_purchases_per_member = {
    .name = "purchases_per_member",
    .unit = "orders",
    .group = "members",
    .definition = "purchases of members, for each who was one while measuring",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
