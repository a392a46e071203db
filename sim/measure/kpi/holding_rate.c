/* holding_rate: holding cost per time unit or review period.
 *
 * The holding part of `cost`.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    double spans = t->per_period ? (double)t->review_count : tally_time_units(t);

    (void)channel;
    return tally_ratio(tally_money(t->cost.holding_cents), spans);
}

const struct kpi kpi_holding_rate = {
    .name = "holding_rate",
    .unit = "money",
    .group = "inventory",
    .definition = "holding cost per time unit or review period",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
