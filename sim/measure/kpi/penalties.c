/* penalties: penalties for cancelled units, late orders and lost sales.
 *
 * What the scenario puts on broken promises. Money given back is refunds, and is not in here.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_books(t, channel).penalties_cents);
}

const struct kpi kpi_penalties = {
    .name = "penalties",
    .unit = "money",
    .group = "cost",
    .definition = "penalties for cancelled units, late orders and lost sales",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
