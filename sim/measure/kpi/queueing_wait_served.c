/* Wq_served: mean wait from joining to the first start of service, of jobs that were served.
 *
 * Differs from Wq where jobs lose patience (they count there), or come back to the queue.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s) { return kpi_time(s, s->station->wait_mean_us); }

const struct kpi kpi_queueing_wait_served = {
    .name = "Wq_served",
    .unit = "time units",
    .group = "dispersion",
    .definition = "mean wait from joining to the first start of service, of jobs that were served",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
