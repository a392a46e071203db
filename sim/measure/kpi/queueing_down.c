/* down: mean number of servers that are broken down.
 *
 * NaN where nothing breaks.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    return s->options->breaks ? s->station->down_mean : kpi_none();
}

const struct kpi kpi_queueing_down = {
    .name = "down",
    .unit = "servers",
    .group = "queueing",
    .definition = "mean number of servers that are broken down",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
