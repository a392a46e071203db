/* refunds: money given back for units that could not be fulfilled, or that came back.
 *
 * Information: already taken off net sales, and not part of penalties.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_REFUNDED, channel));
}

const struct kpi kpi_refunds = {
    .name = "refunds",
    .unit = "money",
    .group = "cost",
    .definition = "money given back for units that could not be fulfilled, or that came back",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
