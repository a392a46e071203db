/* Var_done: variance of the number of jobs done in a period of the station.
 *
 * Equal to E_done for a Poisson stream.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s) { return s->station->period_done_variance; }

const struct kpi kpi_queueing_period_variance = {
    .name = "Var_done",
    .unit = "jobs^2",
    .group = "dispersion",
    .definition = "variance of the number of jobs done in a period of the station",
    .direction = KPI_NEUTRAL,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
