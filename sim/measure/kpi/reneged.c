/* reneged: customers who lost patience in a till's queue and put everything back.
 *
 * They had paid nothing, so no money moves.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_RENEGED, channel);
}

const struct kpi kpi_reneged = {
    .name = "reneged",
    .unit = "visits",
    .group = "service",
    .definition = "customers who lost patience in a till's queue and put everything back",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
