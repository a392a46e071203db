/* backorder_rate: backorder cost per time unit or review period.
 *
 * The backorder part of `cost`.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    double spans = t->per_period ? (double)t->review_count : tally_time_units(t);

    (void)channel;
    return tally_ratio(tally_money(t->cost.backorder_cents), spans);
}

const struct kpi kpi_backorder_rate = {
    .name = "backorder_rate",
    .unit = "money",
    .group = "inventory",
    .definition = "backorder cost per time unit or review period",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
