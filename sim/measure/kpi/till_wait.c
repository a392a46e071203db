/* till_wait: mean wait at the tills.
 *
 * Over all customers, those who did not wait included. Wq is the same in the scenario's time unit.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean(t, FACT_TILL_START, TALLY_ALL, (double)OMO_US_PER_MINUTE);
}

const struct kpi kpi_till_wait = {
    .name = "till_wait",
    .unit = "min",
    .group = "service",
    .definition = "mean wait at the tills",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
