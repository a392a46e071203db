/* utilisation: share of the time on duty that servers serve.
 *
 * Over the servers that are there: on shift and not down. Overtime is left out on both sides. rho
 * is the share of all servers at all times. NaN with unlimited servers.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    const omo_station_report *r = s->station;

    return tally_ratio(r->busy_mean - r->overtime_mean, r->duty_mean);
}

const struct kpi kpi_queueing_utilisation = {
    .name = "utilisation",
    .unit = "1",
    .group = "queueing",
    .definition = "share of the time on duty that servers serve",
    .direction = KPI_NEUTRAL,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
