/* cac: cost of acquiring a customer.
 *
 * Both what is paid for a customer who is won and for the traffic of all who come.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_ratio(tally_money(tally_cents(t, FACT_ACQUIRED, channel) +
                                   tally_cents(t, FACT_TRAFFIC, channel)),
                       (double)tally_count(t, FACT_ACQUIRED, channel));
}

const struct kpi kpi_cac = {
    .name = "cac",
    .unit = "money",
    .group = "touch",
    .definition = "paid for customers and traffic per customer won",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
