/* duty: mean number of servers on duty and not down.
 *
 * NaN where they are always all there.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    if (s->options->shift_count == 0 && !s->options->breaks)
        return kpi_none();
    return s->station->duty_mean;
}

const struct kpi kpi_queueing_duty = {
    .name = "duty",
    .unit = "servers",
    .group = "queueing",
    .definition = "mean number of servers on duty and not down",
    .direction = KPI_NEUTRAL,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
