/* group_success_rate: groups that filled in time.
 *
 * Of the group buys that came to an end.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t made = tally_count(t, FACT_GROUP_MADE, channel);

    return tally_share(made, made + tally_count(t, FACT_GROUP_FAILED, channel));
}

const struct kpi kpi_group_success_rate = {
    .name = "group_success_rate",
    .unit = "1",
    .group = "touch",
    .definition = "share of the group buys that were full in time",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
