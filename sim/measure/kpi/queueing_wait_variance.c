/* Var_Wq: variance of the wait until service begins, of jobs that were served.
 *
 * Over the same jobs as Wq_served.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    return kpi_time(s, kpi_time(s, s->station->wait_variance_us2));
}

const struct kpi kpi_queueing_wait_variance = {
    .name = "Var_Wq",
    .unit = "time units^2",
    .group = "dispersion",
    .definition = "variance of the wait until service begins, of jobs that were served",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
