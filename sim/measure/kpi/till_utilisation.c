/* till_utilisation: share of time that tills are busy.
 *
 * Busy servers over servers, all places together; stations with unlimited servers have no
 * utilisation. Waits grow like 1 / (1 - utilisation): 0.9 is a warning, not an aim.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_TILL_BUSY), tally_servers(t, OMO_ROLE_TILL));
}

const struct kpi kpi_till_utilisation = {
    .name = "till_utilisation",
    .unit = "1",
    .group = "fulfilment",
    .definition = "share of time that tills are busy",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
