/* subscriptions_active: subscriptions that go on.
 *
 * Time average.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_SUBSCRIPTIONS);
}

const struct kpi kpi_subscriptions_active = {
    .name = "subscriptions_active",
    .unit = "subscriptions",
    .group = "touch",
    .definition = "subscriptions under way, time average",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
