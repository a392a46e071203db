/* E_oversold_per_stockout: units oversold per stock-out of a position.
 *
 * With no buffer it is the online demand within one sync lag.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_quantity(t, FACT_OVERSOLD, TALLY_ALL),
                       tally_count(t, FACT_STOCKOUT, TALLY_ALL));
}

const struct kpi kpi_e_oversold_per_stockout = {
    .name = "E_oversold_per_stockout",
    .unit = "units",
    .group = "oversell",
    .definition = "units oversold per stock-out of a position",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
