/* Var_L: variance over time of the number of jobs at the station.
 *
 * Equal to L for a Poisson number, as with unlimited servers.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s) { return s->station->level_variance; }

const struct kpi kpi_queueing_var_level = {
    .name = "Var_L",
    .unit = "jobs^2",
    .group = "dispersion",
    .definition = "variance over time of the number of jobs at the station",
    .direction = KPI_NEUTRAL,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
