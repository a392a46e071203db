/* locker_full_share: share of time that a locker has no free box.
 *
 * Meanwhile customers are not offered it, and parcels that come go elsewhere or wait.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_LOCKERS_FULL), (double)t->locker_count);
}

const struct kpi kpi_locker_full_share = {
    .name = "locker_full_share",
    .unit = "1",
    .group = "service",
    .definition = "share of time that a locker has no free box",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
