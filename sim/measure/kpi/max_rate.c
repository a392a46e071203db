/* max_rate: greatest visit rate per time unit, as thinning proposes it.
 *
 * The mean rate over the share that was kept: proposals come at the greatest rate.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    double per_day = tally_share(t->arrival.visits, t->arrival.days);
    double acceptance = tally_share(t->arrival.accepted, t->arrival.candidates);

    (void)channel;
    return tally_ratio(per_day * (double)t->time_unit_us, (double)OMO_US_PER_DAY * acceptance);
}

const struct kpi kpi_max_rate = {
    .name = "max_rate",
    .unit = "visits",
    .group = "arrival",
    .definition = "greatest visit rate per time unit, as thinning proposes it",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
