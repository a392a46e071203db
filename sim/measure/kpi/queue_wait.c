/* Wq: mean wait at a till or another station, in the scenario's time unit.
 *
 * Over all customers, those with no wait included. All the time in a queue counts, also of
 * customers and jobs that lose patience there or are put back.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    double us =
        tally_amount(t, FACT_TILL_START, TALLY_ALL) + tally_amount(t, FACT_RENEGED, TALLY_ALL);

    return tally_ratio(us, (double)(tally_count(t, FACT_TILL_START, TALLY_ALL) +
                                    tally_count(t, FACT_RENEGED, TALLY_ALL)) *
                               (double)t->time_unit_us);
}

static double subject(const struct kpi_subject *s)
{
    return kpi_time(s, s->station != NULL ? s->station->queue_time_mean_us
                                          : s->jobs->queue_time_mean_us);
}

const struct kpi kpi_queue_wait = {
    .name = "Wq",
    .unit = "time units",
    .group = "queue",
    .definition = "mean wait at a till or another station, in the scenario's time unit",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION | KPI_OF_CLASS,
    .subject = subject,
};
