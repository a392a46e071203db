/* blocked: mean number of servers held by a job that finds no room ahead.
 *
 * Blocking after service: the server stands idle with the job it has done. NaN where no
 * station ahead keeps jobs waiting for room.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    return s->held ? s->station->blocked_mean : kpi_none();
}

const struct kpi kpi_queueing_blocked = {
    .name = "blocked",
    .unit = "servers",
    .group = "queueing",
    .definition = "mean number of servers held by a job that finds no room ahead",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
