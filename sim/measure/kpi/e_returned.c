/* E_returned: mean units that came back per day.
 *
 * Over the whole days of the measured time.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_returns)
        return kpi_none();
    return tally_share(t->arrival.returned, t->arrival.days);
}

const struct kpi kpi_e_returned = {
    .name = "E_returned",
    .unit = "units/day",
    .group = "returns",
    .definition = "mean units that came back per day",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
