/* showroomed: visits to a shop that had it all, but only to look.
 *
 * Shown for the channel of the shop; the order may follow online (from_shop).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_SHOWROOMED, channel);
}

const struct kpi kpi_showroomed = {
    .name = "showroomed",
    .unit = "visits",
    .group = "sales",
    .definition = "visits to a shop that had it all, but only to look",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
