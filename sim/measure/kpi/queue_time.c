/* W: mean time at a till, at a station or in a network, in the scenario's time unit.
 *
 * Wait and service, of customers who have left; those still there at the end are not in it. Of a
 * source of a queueing network: from arrival to the end.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean_time(t, FACT_TILL_DONE, TALLY_ALL);
}

static double subject(const struct kpi_subject *s)
{
    return kpi_time(s, s->station != NULL ? s->station->time_mean_us : s->jobs->time_mean_us);
}

const struct kpi kpi_queue_time = {
    .name = "W",
    .unit = "time units",
    .group = "queue",
    .definition = "mean time at a till, at a station or in a network, in the scenario's time unit",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION | KPI_OF_CLASS | KPI_OF_SOURCE,
    .subject = subject,
};
