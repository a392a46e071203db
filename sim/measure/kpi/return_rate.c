/* return_rate: units that came back per unit sold.
 *
 * Both of the measured time: what comes back was mostly sold before, so that a run of a few days
 * shows less than the rate that the scenario sets, and sales that fall show more.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_RETURNED, channel), tally_sold(t, channel));
}

const struct kpi kpi_return_rate = {
    .name = "return_rate",
    .unit = "1",
    .group = "returns",
    .definition = "units that came back per unit sold",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
