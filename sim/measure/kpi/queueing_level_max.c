/* L_max: most jobs that were at the station at once.
 *
 * The room that would never have refused anybody.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s) { return (double)s->station->level_max; }

const struct kpi kpi_queueing_level_max = {
    .name = "L_max",
    .unit = "jobs",
    .group = "dispersion",
    .definition = "most jobs that were at the station at once",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
