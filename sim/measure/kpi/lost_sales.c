/* lost_sales: value at list prices of the units lost.
 *
 * What the shelf would have sold, without the margin question; no part of the profit, which holds
 * only money that moved.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_LOST, channel));
}

const struct kpi kpi_lost_sales = {
    .name = "lost_sales",
    .unit = "money",
    .group = "service",
    .definition = "value at list prices of the units lost",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
