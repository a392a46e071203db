/* Var_W: variance of the time from joining to done.
 *
 * Of a source in the whole network: from arrival to the end.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    double us2 = s->station != NULL ? s->station->time_variance_us2 : s->jobs->time_variance_us2;

    return kpi_time(s, kpi_time(s, us2));
}

const struct kpi kpi_queueing_time_variance = {
    .name = "Var_W",
    .unit = "time units^2",
    .group = "dispersion",
    .definition = "variance of the time from joining to done",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION | KPI_OF_CLASS | KPI_OF_SOURCE,
    .subject = subject,
};
