/* recognised_share: purchases of members at which they are recognised.
 *
 * At a till by barcode, phone number or a bound account; online by signing in.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_count(t, FACT_RECOGNISED, channel),
                       tally_count(t, FACT_MEMBER_BOUGHT, channel));
}

const struct kpi kpi_recognised_share = {
    .name = "recognised_share",
    .unit = "1",
    .group = "members",
    .definition = "purchases of members at which they are recognised",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = true,
    .value = value,
};
