/* ordering_rate: fixed cost of purchase orders per time unit or review period.
 *
 * The ordering part of `cost`.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    double spans = t->per_period ? (double)t->review_count : tally_time_units(t);

    (void)channel;
    return tally_ratio(tally_money(tally_cents(t, FACT_PURCHASE, TALLY_ALL)), spans);
}

const struct kpi kpi_ordering_rate = {
    .name = "ordering_rate",
    .unit = "money",
    .group = "inventory",
    .definition = "fixed cost of purchase orders per time unit or review period",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
