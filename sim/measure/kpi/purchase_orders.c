/* purchase_orders: purchase orders placed.
 *
 * One for each place and review that orders anything, since that is what the fixed cost is charged
 * for.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_count(t, FACT_PURCHASE, TALLY_ALL);
}

const struct kpi kpi_purchase_orders = {
    .name = "purchase_orders",
    .unit = "orders",
    .group = "stock",
    .definition = "purchase orders placed",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
