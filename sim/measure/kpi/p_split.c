/* P_split: share of online orders fulfilled from more than one place, by its textbook name.
 *
 * Equal to split_rate.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_online_count(t, FACT_SPLIT, TALLY_ALL),
                       tally_online_count(t, FACT_PLACED, TALLY_ALL));
}

const struct kpi kpi_p_split = {
    .name = "P_split",
    .unit = "1",
    .group = "split",
    .definition = "share of online orders fulfilled from more than one place, by its textbook name",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
