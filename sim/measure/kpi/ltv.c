/* ltv: discounted margin of members, for each who was one while measuring.
 *
 * Margin over the cost of the goods, discounted period by period to the beginning of the run
 * (members.retention.discount): customer lifetime value, as far as the run goes.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_money(tally_cents(t, FACT_MEMBER_MARGIN, TALLY_ALL)),
                       tally_members_ever(t));
}

const struct kpi kpi_ltv = {
    .name = "ltv",
    .unit = "money",
    .group = "members",
    .definition = "discounted margin of members, for each who was one while measuring",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
