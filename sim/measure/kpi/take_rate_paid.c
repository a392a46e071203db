/* take_rate_paid: what platforms take of net sales.
 *
 * Commission and the price of traffic together: a platform can ask for either.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    struct tally_books books = tally_books(t, channel);

    return tally_ratio((double)(books.commission_cents + tally_cents(t, FACT_TRAFFIC, channel)),
                       (double)books.net_sales_cents);
}

const struct kpi kpi_take_rate_paid = {
    .name = "take_rate_paid",
    .unit = "1",
    .group = "touch",
    .definition = "commission and traffic per net sales",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
