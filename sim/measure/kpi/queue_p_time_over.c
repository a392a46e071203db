/* P_W_gt_t: share of customers whose time at a till or another station is above the limit it sets.
 *
 * NaN when the scenario sets no limit (run.sojourn_over for tills, the station's own time_over): then
 * nobody counts, and a 0 would read as good service.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_over_sojourn)
        return tally_ratio(0.0, 0.0);
    return tally_share(tally_count(t, FACT_OVER_SOJOURN, TALLY_ALL),
                       tally_count(t, FACT_TILL_DONE, TALLY_ALL));
}

static double subject(const struct kpi_subject *s)
{
    return s->options->time_over_us >= 0 ? s->station->time_over_share : kpi_none();
}

const struct kpi kpi_queue_p_time_over = {
    .name = "P_W_gt_t",
    .unit = "1",
    .group = "queue",
    .definition =
        "share of customers whose time at a till or another station is above the limit it sets",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
