/* screen_units: units missing in the shop that customers ordered at its screen.
 *
 * The endless aisle: shown for the channel that lacked them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_SCREEN, channel);
}

const struct kpi kpi_screen_units = {
    .name = "screen_units",
    .unit = "units",
    .group = "service",
    .definition = "units missing in the shop that customers ordered at its screen",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
