/* thinning_acceptance: share of proposed arrivals that thinning keeps.
 *
 * Mean rate over greatest rate (Lewis & Shedler 1979). NaN when no arrivals were thinned.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(t->arrival.accepted, t->arrival.candidates);
}

const struct kpi kpi_thinning_acceptance = {
    .name = "thinning_acceptance",
    .unit = "1",
    .group = "arrival",
    .definition = "share of proposed arrivals that thinning keeps",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
