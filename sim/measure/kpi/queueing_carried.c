/* carried: mean number of servers that serve: the carried load.
 *
 * Of a station with unlimited servers: jobs in service. a (1 - P_block) for Erlang B.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s) { return s->station->busy_mean; }

const struct kpi kpi_queueing_carried = {
    .name = "carried",
    .unit = "servers",
    .group = "queueing",
    .definition = "mean number of servers that serve: the carried load",
    .direction = KPI_NEUTRAL,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
