/* cost: holding, backorder and ordering cost per time unit, or per review period where costs are
 * charged by period.
 *
 * The objective of the inventory textbooks, which leave goods and sales out because no policy
 * changes them.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    struct tally_books books = tally_books(t, TALLY_ALL);
    int64_t ordering_cents = tally_cents(t, FACT_PURCHASE, TALLY_ALL);
    double spans = t->per_period ? (double)t->review_count : tally_time_units(t);

    (void)channel;
    return tally_ratio(tally_money(books.holding_cents + books.backorder_cents + ordering_cents),
                       spans);
}

const struct kpi kpi_cost_rate = {
    .name = "cost",
    .unit = "money",
    .group = "inventory",
    .definition = "holding, backorder and ordering cost per time unit, or per review period where "
                  "costs are charged by period",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
