/* visits: visits that reached a decision: a channel was chosen or nothing was bought.
 *
 * The base of conversion and of the choice shares. Only in total: before the choice a visit has no
 * channel. A line that is switched from the shop to an online channel goes on with the same visit.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)(tally_count(t, FACT_OPENED, TALLY_ALL) + tally_count(t, FACT_LEFT, TALLY_ALL));
}

const struct kpi kpi_visits = {
    .name = "visits",
    .unit = "visits",
    .group = "sales",
    .definition = "visits that reached a decision: a channel was chosen or nothing was bought",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
