/* gross_margin: net sales less the cost of the goods reserved.
 *
 * The first subtotal of the profit. Fulfilment, stock and platform costs come after it.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    struct tally_books books = tally_books(t, channel);

    return tally_money(books.net_sales_cents - books.goods_cents);
}

const struct kpi kpi_gross_margin = {
    .name = "gross_margin",
    .unit = "money",
    .group = "sales",
    .definition = "net sales less the cost of the goods reserved",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
