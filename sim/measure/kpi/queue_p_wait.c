/* P_wait: share of customers who wait at a till or another station.
 *
 * Erlang C for a Poisson stream and exponential service.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_quantity(t, FACT_TILL_START, TALLY_ALL),
                       tally_count(t, FACT_TILL_START, TALLY_ALL));
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
