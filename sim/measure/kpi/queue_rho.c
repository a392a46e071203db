/* rho: share of time that tills or servers are busy.
 *
 * The textbook's name of till_utilisation. Of a station: over all its servers at all times.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_ratio(tally_level(t, GAUGE_TILL_BUSY), tally_servers(t, OMO_ROLE_TILL));
}

static double subject(const struct kpi_subject *s)
{
    if (s->options->servers == OMO_UNLIMITED)
        return kpi_none();
    return tally_ratio(s->station->busy_mean, (double)s->options->servers);
}

const struct kpi kpi_queue_rho = {
    .name = "rho",
    .unit = "1",
    .group = "queue",
    .definition = "share of time that tills or servers are busy",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
