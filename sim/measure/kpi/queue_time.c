/* W: mean time in the system of a till, in the scenario's time unit.
 *
 * Wait and service, of customers who have left; those still there at the end are not in it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean_time(t, FACT_TILL_DONE, TALLY_ALL);
}

const struct kpi kpi_queue_time = {
    .name = "W",
    .unit = "time units",
    .group = "queue",
    .definition = "mean time in the system of a till, in the scenario's time unit",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
