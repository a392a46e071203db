/* P_wait_gt_t: share of customers whose wait at a till or another station is above the limit it sets.
 *
 * The service level of a call centre. NaN when the scenario sets no limit: run.wait_over for tills,
 * the station's own wait_over.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_over_wait)
        return tally_ratio(0.0, 0.0);
    return tally_share(tally_count(t, FACT_OVER_WAIT, TALLY_ALL),
                       tally_count(t, FACT_TILL_START, TALLY_ALL));
}

static double subject(const struct kpi_subject *s)
{
    return s->options->wait_over_us >= 0 ? s->station->wait_over_share : kpi_none();
}

const struct kpi kpi_queue_p_wait_over = {
    .name = "P_wait_gt_t",
    .unit = "1",
    .group = "queue",
    .definition =
        "share of customers whose wait at a till or another station is above the limit it sets",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
