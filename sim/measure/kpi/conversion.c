/* conversion: orders per visit.
 *
 * Of a channel: orders per visit that chose it.
 *
 * Lost both ways: customers who choose nothing, and customers who choose but find nothing. A visit
 * whose missing lines are switched to an online channel may place two orders, so this can pass 1
 * by a little.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_count(t, FACT_PLACED, channel),
                       tally_count(t, FACT_OPENED, channel) + tally_count(t, FACT_LEFT, channel));
}

const struct kpi kpi_conversion = {
    .name = "conversion",
    .unit = "1",
    .group = "sales",
    .definition =
        "orders per visit, of a channel per visit that chose it; one that orders online what "
        "the shop lacks makes two",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
