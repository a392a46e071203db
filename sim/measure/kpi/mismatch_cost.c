/* mismatch_cost: what honouring the lower of two prices cost.
 *
 * The difference between the till's price and the one that customers were shown and paid. It is in
 * net sales already and not subtracted again.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_PRICE_MISMATCH, channel));
}

const struct kpi kpi_mismatch_cost = {
    .name = "mismatch_cost",
    .unit = "money",
    .group = "sales",
    .definition = "what honouring the lower of two prices cost",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
