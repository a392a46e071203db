/* P_wait: share of customers who wait at a till or another station.
 *
 * Erlang C for a Poisson stream and exponential service. Who gave up had waited.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    int64_t reneged = tally_count(t, FACT_RENEGED, TALLY_ALL);

    return tally_share(tally_quantity(t, FACT_TILL_START, TALLY_ALL) + reneged,
                       tally_count(t, FACT_TILL_START, TALLY_ALL) + reneged);
}

static double subject(const struct kpi_subject *s)
{
    const omo_station_report *r = s->station;

    return tally_ratio((double)r->waited, (double)(r->arrived - r->refused - r->balked));
}

const struct kpi kpi_queue_p_wait = {
    .name = "P_wait",
    .unit = "1",
    .group = "queue",
    .definition = "share of customers who wait at a till or another station",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
