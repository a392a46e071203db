/* received_units: units received by places.
 *
 * From suppliers and from other places alike: a unit that comes by way of a warehouse is received
 * twice.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_quantity(t, FACT_RECEIVED, TALLY_ALL);
}

const struct kpi kpi_received_units = {
    .name = "received_units",
    .unit = "units",
    .group = "stock",
    .definition = "units received by places",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
