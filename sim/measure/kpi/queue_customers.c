/* L: mean number of customers at the tills, waiting or served.
 *
 * All tills of the model together: a textbook queue has one station, and several equal ones add
 * up. L = lambda W is checked by the theory tests.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_TILL_QUEUE) + tally_level(t, GAUGE_TILL_BUSY);
}

const struct kpi kpi_queue_customers = {
    .name = "L",
    .unit = "customers",
    .group = "queue",
    .definition = "mean number of customers at the tills, waiting or served",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
