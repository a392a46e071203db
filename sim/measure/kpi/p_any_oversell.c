/* P_any_oversell: share of stock-outs followed by an oversell before the next receipt.
 *
 * The first oversell of a position since it ran out is a fact of its own, so no history is needed
 * here.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_count(t, FACT_OVERSOLD_FIRST, TALLY_ALL),
                       tally_count(t, FACT_STOCKOUT, TALLY_ALL));
}

const struct kpi kpi_p_any_oversell = {
    .name = "P_any_oversell",
    .unit = "1",
    .group = "oversell",
    .definition = "share of stock-outs followed by an oversell before the next receipt",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
