/* units_sold: units set aside for customers, backorders when they are filled.
 *
 * Reserved, not promised: an oversold unit that ends cancelled never counts, and a backordered one
 * counts when it arrives.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_sold(t, channel);
}

const struct kpi kpi_units_sold = {
    .name = "units_sold",
    .unit = "units",
    .group = "sales",
    .definition = "units set aside for customers, backorders when they are filled",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
