/* opening_units: units that places held when the measures began.
 *
 * The first term of the conservation of units; without a warm-up the opening stock of the
 * scenario.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_quantity(t, FACT_OPENING, TALLY_ALL);
}

const struct kpi kpi_opening_units = {
    .name = "opening_units",
    .unit = "units",
    .group = "stock",
    .definition = "units that places held when the measures began",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
