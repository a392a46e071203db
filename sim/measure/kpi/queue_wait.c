/* Wq: mean wait at a till, in the scenario's time unit.
 *
 * Over all customers, those with no wait included.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean_time(t, FACT_TILL_START, TALLY_ALL);
}

const struct kpi kpi_queue_wait = {
    .name = "Wq",
    .unit = "time units",
    .group = "queue",
    .definition = "mean wait at a till, in the scenario's time unit",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
