/* overtime: mean number of servers that serve after their shift.
 *
 * NaN without shifts.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    return s->options->shift_count != 0 ? s->station->overtime_mean : kpi_none();
}

const struct kpi kpi_queueing_overtime = {
    .name = "overtime",
    .unit = "servers",
    .group = "queueing",
    .definition = "mean number of servers that serve after their shift",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
