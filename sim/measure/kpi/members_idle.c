/* members_idle: members who have not bought while measuring, of those who were one.
 *
 * First purchases are counted from the beginning of the run: a warm-up makes it too large.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return 1.0 -
           tally_ratio((double)tally_count(t, FACT_MEMBER_FIRST, TALLY_ALL), tally_members_ever(t));
}

const struct kpi kpi_members_idle = {
    .name = "members_idle",
    .unit = "1",
    .group = "members",
    .definition = "members who have not bought while measuring, of those who were one",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
