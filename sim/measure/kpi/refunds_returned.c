/* refunds_returned: money given back for goods that came back.
 *
 * The part of `refunds` that returns are the reason of; already taken off net sales.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    if (!t->counts_returns)
        return kpi_none();
    return tally_money(tally_cents(t, FACT_RETURN_INSPECTED, channel));
}

const struct kpi kpi_refunds_returned = {
    .name = "refunds_returned",
    .unit = "money",
    .group = "returns",
    .definition = "money given back for goods that came back",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
