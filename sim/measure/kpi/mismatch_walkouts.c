/* mismatch_walkouts: orders lost because the till's price was above the one shown.
 *
 * Value, at the prices shown, of orders whose customers left when they were asked for more.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_WALKED, channel));
}

const struct kpi kpi_mismatch_walkouts = {
    .name = "mismatch_walkouts",
    .unit = "money",
    .group = "sales",
    .definition = "orders lost because the till's price was above the one shown",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
