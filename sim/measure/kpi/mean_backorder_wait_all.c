/* mean_backorder_wait_all: mean wait of a demanded unit, those served at once included, in the
 * scenario's time unit.
 *
 * Waits of the units filled while measuring over all units demanded while measuring: by Little's
 * law the mean backorders over the demand rate. Units still owed at the end are not in it, an
 * error of the order of lead time over run length.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_amount(t, FACT_FILLED, TALLY_ALL),
                       (double)tally_demand(t, TALLY_ALL) * (double)t->time_unit_us);
}

const struct kpi kpi_mean_backorder_wait_all = {
    .name = "mean_backorder_wait_all",
    .unit = "time units",
    .group = "inventory",
    .definition = "mean wait of a demanded unit, those served at once included, in the scenario's "
                  "time unit",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
