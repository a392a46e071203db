/* entry_errors: units of online orders that were keyed in wrongly.
 *
 * Where orders are siloed a clerk keys them in by hand; what is wrong is cancelled and refunded.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_ENTRY_ERROR, channel);
}

const struct kpi kpi_entry_errors = {
    .name = "entry_errors",
    .unit = "units",
    .group = "service",
    .definition = "units of online orders that were keyed in wrongly",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
