/* webroomed: online visits that only looked, to come to a shop later.
 *
 * Shown for the online channel; the purchase may follow in a shop (from_online).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return (double)tally_count(t, FACT_WEBROOMED, channel);
}

const struct kpi kpi_webroomed = {
    .name = "webroomed",
    .unit = "visits",
    .group = "sales",
    .definition = "online visits that only looked, to come to a shop later",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
