/* fees: delivery fees paid by customers.
 *
 * Part of net sales. Shown alone because a free-delivery threshold trades it for larger baskets.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_FEE, channel));
}

const struct kpi kpi_fees = {
    .name = "fees",
    .unit = "money",
    .group = "sales",
    .definition = "delivery fees paid by customers",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
