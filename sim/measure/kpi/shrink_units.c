/* shrink_units: units that vanished from the shelves.
 *
 * Counted when they vanish, which may be long before somebody notices.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_accuracy)
        return kpi_none();
    return (double)tally_quantity(t, FACT_SHRUNK, TALLY_ALL);
}

const struct kpi kpi_shrink_units = {
    .name = "shrink_units",
    .unit = "units",
    .group = "accuracy",
    .definition = "units that vanished from the shelves",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
