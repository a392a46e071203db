/* courier_utilisation: share of time that couriers are busy.
 *
 * Busy servers over servers, all places together; stations with unlimited servers have no
 * utilisation. A courier is busy from leaving until the hand-over; the day is counted whole.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_COURIER_BUSY), tally_servers(t, OMO_ROLE_COURIER));
}

const struct kpi kpi_courier_utilisation = {
    .name = "courier_utilisation",
    .unit = "1",
    .group = "fulfilment",
    .definition = "share of time that couriers are busy",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
