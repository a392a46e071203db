/* endless_aisle_units: units ordered at a screen in a shop that does not stock them.
 *
 * What the shelf could never have sold.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_AISLE, channel);
}

const struct kpi kpi_endless_aisle_units = {
    .name = "endless_aisle_units",
    .unit = "units",
    .group = "touch",
    .definition = "units ordered at a shop's screen that the shop does not stock",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
