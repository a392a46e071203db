/* guide_earnings: what guides earn of orders by their links.
 *
 * The fact names the shop of the guide.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_money(tally_cents(t, FACT_GUIDED, channel));
}

const struct kpi kpi_guide_earnings = {
    .name = "guide_earnings",
    .unit = "money",
    .group = "touch",
    .definition = "paid to guides for orders by their links",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
