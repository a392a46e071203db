/* downtime: share of the time that a channel was down.
 *
 * Outages only, planned or by chance; hours when it is closed are not down. Of all: the mean of the
 * channels.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    uint32_t channels = channel == TALLY_ALL ? t->channel_count : 1;

    return tally_ratio(tally_amount(t, FACT_DOWNTIME, channel),
                       (double)t->span_us * (double)channels);
}

const struct kpi kpi_downtime = {
    .name = "downtime",
    .unit = "1",
    .group = "touch",
    .definition = "share of the time in an outage, the mean of the channels",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
