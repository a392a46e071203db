/* store_credit: revenue of online orders credited to the stores that fulfil them.
 *
 * It says whose sales they are and moves no money of the chain.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_CREDIT, channel));
}

const struct kpi kpi_store_credit = {
    .name = "store_credit",
    .unit = "money",
    .group = "sales",
    .definition = "revenue of online orders credited to the stores that fulfil them",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
