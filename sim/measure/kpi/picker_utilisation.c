/* picker_utilisation: share of time that pickers are busy.
 *
 * Busy servers over servers, all places together; stations with unlimited servers have no
 * utilisation. Over the whole day: pickers stand idle while the place is closed, so 1 is never
 * reached by a store with opening hours.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_PICKER_BUSY), tally_servers(t, OMO_ROLE_PICKER));
}

const struct kpi kpi_picker_utilisation = {
    .name = "picker_utilisation",
    .unit = "1",
    .group = "fulfilment",
    .definition = "share of time that pickers are busy",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
