/* E_done: mean number of jobs done in a period of the station.
 *
 * Whole periods of the measured time; a period is a day when the station says nothing.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s) { return s->station->period_done_mean; }

const struct kpi kpi_queueing_period_done = {
    .name = "E_done",
    .unit = "jobs",
    .group = "dispersion",
    .definition = "mean number of jobs done in a period of the station",
    .direction = KPI_MORE_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
