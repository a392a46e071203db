/* P_wait: share of customers who wait at a till.
 *
 * Erlang C for a Poisson stream and exponential service.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_quantity(t, FACT_TILL_START, TALLY_ALL),
                       tally_count(t, FACT_TILL_START, TALLY_ALL));
}

const struct kpi kpi_queue_p_wait = {
    .name = "P_wait",
    .unit = "1",
    .group = "queue",
    .definition = "share of customers who wait at a till",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
