/* cost_of_goods: cost of the goods reserved for customers.
 *
 * Charged when units are set aside, so it follows units_sold; units that expire are waste_cost
 * instead.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_books(t, channel).goods_cents);
}

const struct kpi kpi_cost_of_goods = {
    .name = "cost_of_goods",
    .unit = "money",
    .group = "cost",
    .definition = "cost of the goods reserved for customers",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
