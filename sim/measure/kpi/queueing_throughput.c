/* throughput: jobs done per time unit of the scenario.
 *
 * Of a source in the whole network: jobs that left it, by any way.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    uint64_t done = s->station != NULL ? s->station->done : s->jobs->done;

    return tally_ratio((double)done, kpi_time(s, (double)s->span_us));
}

const struct kpi kpi_queueing_throughput = {
    .name = "throughput",
    .unit = "jobs/time unit",
    .group = "queueing",
    .definition = "jobs done per time unit of the scenario",
    .direction = KPI_MORE_IS_BETTER,
    .subjects = KPI_OF_STATION | KPI_OF_CLASS | KPI_OF_SOURCE,
    .subject = subject,
};
