/* member_lifetime: time as a member, of those who were one while measuring, in periods of retention.
 *
 * Area under the number of members over those who ever were one: whole lifetimes when the run is long
 * enough for all to have left, 1 / (1 - retention) then.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio((double)t->gauge[GAUGE_MEMBERS].area / (double)t->member_period_us,
                       tally_members_ever(t));
}

const struct kpi kpi_member_lifetime = {
    .name = "member_lifetime",
    .unit = "periods",
    .group = "members",
    .definition =
        "time as a member, of those who were one while measuring, in periods of retention",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
