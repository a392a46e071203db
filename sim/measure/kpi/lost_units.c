/* lost_units: units lost for want of stock.
 *
 * Wanted, not there, and gone with the customer. Units that are backordered or ordered in another
 * channel instead are not lost.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_quantity(t, FACT_LOST, channel);
}

const struct kpi kpi_lost_units = {
    .name = "lost_units",
    .unit = "units",
    .group = "service",
    .definition = "units lost for want of stock",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
