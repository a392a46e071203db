/* split_rate: share of online orders fulfilled from more than one place.
 *
 * Each order counts once, however many places it was split over; parcels_per_order tells how many.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_online_count(t, FACT_SPLIT, channel),
                       tally_online_count(t, FACT_PLACED, channel));
}

const struct kpi kpi_split_rate = {
    .name = "split_rate",
    .unit = "1",
    .group = "fulfilment",
    .definition = "share of online orders fulfilled from more than one place",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
