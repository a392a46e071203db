/* service_income: what third parties paid for handing over their parcels.
 *
 * Not part of net sales: no goods of the chain are in it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_money(tally_books(t, TALLY_ALL).services_cents);
}

const struct kpi kpi_service_income = {
    .name = "service_income",
    .unit = "money",
    .group = "sales",
    .definition = "what third parties paid for handing over their parcels",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
