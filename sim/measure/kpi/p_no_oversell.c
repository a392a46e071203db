/* P_no_oversell: share of stock-outs without an oversell before the next receipt.
 *
 * The complement of P_any_oversell; the periodic-sync oracle is stated this way round.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return 1.0 - tally_share(tally_count(t, FACT_OVERSOLD_FIRST, TALLY_ALL),
                             tally_count(t, FACT_STOCKOUT, TALLY_ALL));
}

const struct kpi kpi_p_no_oversell = {
    .name = "P_no_oversell",
    .unit = "1",
    .group = "oversell",
    .definition = "share of stock-outs without an oversell before the next receipt",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
