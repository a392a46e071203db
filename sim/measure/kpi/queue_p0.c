/* p0: share of time that a till or another station is empty.
 *
 * Nobody waiting and nobody served; with several stations the mean over them. NaN without
 * stations.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return 1.0 - tally_ratio(tally_level(t, GAUGE_TILL_OCCUPIED),
                             (double)t->station_count[OMO_ROLE_TILL]);
}

static double subject(const struct kpi_subject *s) { return s->station->empty_share; }

const struct kpi kpi_queue_p0 = {
    .name = "p0",
    .unit = "1",
    .group = "queue",
    .definition = "share of time that a till or another station is empty",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
