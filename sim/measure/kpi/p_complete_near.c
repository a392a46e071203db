/* P_ship_complete_from_near: share of online orders that the nearest place fulfils alone.
 *
 * Nearest of the places that the order could see, stocked or not.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_online_count(t, FACT_COMPLETE_NEAR, TALLY_ALL),
                       tally_online_count(t, FACT_PLACED, TALLY_ALL));
}

const struct kpi kpi_p_complete_near = {
    .name = "P_ship_complete_from_near",
    .unit = "1",
    .group = "split",
    .definition = "share of online orders that the nearest place fulfils alone",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
