/* counter_utilisation: share of time that counters are busy.
 *
 * Busy servers over servers on duty, all places together; stations with unlimited servers have no
 * utilisation.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_COUNTER_BUSY), tally_servers(t, OMO_ROLE_COUNTER));
}

const struct kpi kpi_counter_utilisation = {
    .name = "counter_utilisation",
    .unit = "1",
    .group = "fulfilment",
    .definition = "share of time that counters are busy",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
