/* abandoned_value: what was in the baskets of those who gave up.
 *
 * At list prices, promised by nobody: the most that less friction could bring.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_ABANDONED, channel));
}

const struct kpi kpi_abandoned_value = {
    .name = "abandoned_value",
    .unit = "money",
    .group = "touch",
    .definition = "baskets given up at a step of the touch point, at list prices",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
