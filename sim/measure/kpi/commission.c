/* commission: commission paid to platforms.
 *
 * The take rate of a marketplace on what is sold there.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_books(t, channel).commission_cents);
}

const struct kpi kpi_commission = {
    .name = "commission",
    .unit = "money",
    .group = "cost",
    .definition = "commission paid to platforms",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
