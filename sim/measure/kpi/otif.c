/* otif: share of orders that ended on time and in full.
 *
 * Both at once, judged when the order ends: late or incomplete is a miss, and an order that is both
 * is one miss, not two. An order that fails whole never closes, so it enters the base as a miss;
 * leaving it out would let the worst oversells improve the figure. Orders still open are not judged.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t ended = tally_count(t, FACT_CLOSED, channel) + tally_count(t, FACT_FAILED, channel);

    return tally_share(tally_quantity(t, FACT_CLOSED, channel), ended);
}

const struct kpi kpi_otif = {
    .name = "otif",
    .unit = "1",
    .group = "service",
    .definition = "share of ended orders handed over on time and in full",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
