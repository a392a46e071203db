/* P_balk: share of arrivals that turn away at the sight of the queue.
 *
 * NaN where nobody balks.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    int64_t balked = tally_count(t, FACT_BALKED, channel);

    return balked == 0 ? kpi_none() : tally_share(balked, tally_at_tills(t, channel));
}

static double subject(const struct kpi_subject *s)
{
    if (s->options->balk_ppm == 0)
        return kpi_none();
    return tally_ratio((double)s->station->balked, (double)s->station->arrived);
}

const struct kpi kpi_queueing_p_balk = {
    .name = "P_balk",
    .unit = "1",
    .group = "queueing",
    .definition = "share of arrivals that turn away at the sight of the queue",
    .direction = KPI_LESS_IS_BETTER,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
