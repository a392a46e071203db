/* Lq: mean number of customers waiting at the tills.
 *
 * Those in service are not in it. All tills of the model together.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_TILL_QUEUE);
}

const struct kpi kpi_queue_waiting = {
    .name = "Lq",
    .unit = "customers",
    .group = "queue",
    .definition = "mean number of customers waiting at the tills",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
