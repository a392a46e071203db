/* P_abandon: share of arrivals that lose patience in the queue.
 *
 * Erlang A for exponential patience. NaN where everybody is patient.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t reneged = tally_count(t, FACT_RENEGED, channel);

    return reneged == 0 ? kpi_none() : tally_share(reneged, tally_at_tills(t, channel));
}

static double subject(const struct kpi_subject *s)
{
    if (!s->impatient)
        return kpi_none();
    return s->station != NULL
               ? tally_ratio((double)s->station->reneged, (double)s->station->arrived)
               : tally_ratio((double)s->jobs->reneged, (double)s->jobs->arrived);
}

const struct kpi kpi_queueing_p_abandon = {
    .name = "P_abandon",
    .unit = "1",
    .group = "queueing",
    .definition = "share of arrivals that lose patience in the queue",
    .direction = KPI_LESS_IS_BETTER,
    .value = value,
    .subjects = KPI_OF_STATION | KPI_OF_CLASS,
    .subject = subject,
};
