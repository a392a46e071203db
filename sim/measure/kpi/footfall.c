/* footfall: people who come to a store: to buy, to fetch an order, to fetch a third party's parcel.
 *
 * Parcel points are kept for it as much as for the fee. A part fetched is a visit.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    int64_t visits = tally_count(t, FACT_PARCEL_OUT, TALLY_ALL);

    for (uint32_t i = 0; i < t->channel_count; i++)
        visits += tally_count(t, t->comes_in[i] ? FACT_OPENED : FACT_COLLECTED, i);
    return (double)visits;
}

const struct kpi kpi_footfall = {
    .name = "footfall",
    .unit = "visits",
    .group = "sales",
    .definition =
        "people who come to a store: to buy, to fetch an order, to fetch a third party's parcel",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
