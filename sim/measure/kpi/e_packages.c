/* E_packages_split_allowed: places asked to fulfil an online order, on average.
 *
 * Counts parts of orders rather than parcels sent, so pickups from two stores count as two.
 * Re-routed units ask a further place and count again.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_online_count(t, FACT_ROUTED, TALLY_ALL),
                       tally_online_count(t, FACT_PLACED, TALLY_ALL));
}

const struct kpi kpi_e_packages = {
    .name = "E_packages_split_allowed",
    .unit = "parcels",
    .group = "split",
    .definition = "places asked to fulfil an online order, on average",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
