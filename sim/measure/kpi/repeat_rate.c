/* repeat_rate: second purchases of members for each first one.
 *
 * Share of the customers who come again, when all is counted from their beginning.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_count(t, FACT_MEMBER_AGAIN, TALLY_ALL),
                       tally_count(t, FACT_MEMBER_FIRST, TALLY_ALL));
}

const struct kpi kpi_repeat_rate = {
    .name = "repeat_rate",
    .unit = "1",
    .group = "members",
    .definition = "second purchases of members for each first one",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
