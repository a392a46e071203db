/* rho: share of time that tills are busy.
 *
 * The textbook's name of till_utilisation.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_TILL_BUSY), (double)t->server_count[OMO_ROLE_TILL]);
}

const struct kpi kpi_queue_rho = {
    .name = "rho",
    .unit = "1",
    .group = "queue",
    .definition = "share of time that tills are busy",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
