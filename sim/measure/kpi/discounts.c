/* discounts: discounts given by promotions.
 *
 * Already taken off what customers pay, so it is information and no part of the profit again.
 * Neither good nor bad alone: compare profits to judge a promotion.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_DISCOUNT, channel));
}

const struct kpi kpi_discounts = {
    .name = "discounts",
    .unit = "money",
    .group = "sales",
    .definition = "discounts given by promotions",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
