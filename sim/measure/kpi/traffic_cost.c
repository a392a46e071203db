/* traffic_cost: what platforms were paid for visits.
 *
 * Paid for each visit that chooses the channel, whether or not it buys.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_TRAFFIC, channel));
}

const struct kpi kpi_traffic_cost = {
    .name = "traffic_cost",
    .unit = "money",
    .group = "touch",
    .definition = "paid for the traffic of visits",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
