/* Wq_half_width: half-width of the 95 % interval of Wq_served by batch means of one run.
 *
 * What a single run knows of its own error; replications are compared with it.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    return kpi_time(s, s->station->wait_half_width_us);
}

const struct kpi kpi_queueing_wait_half_width = {
    .name = "Wq_half_width",
    .unit = "time units",
    .group = "dispersion",
    .definition = "half-width of the 95 % interval of Wq_served by batch means of one run",
    .direction = KPI_NEUTRAL,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
