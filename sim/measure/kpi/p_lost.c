/* P_lost: share of demanded units lost.
 *
 * With one-for-one ordering and Poisson demand it is Erlang's loss formula (Karush 1957), whatever
 * the law of the lead time.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(tally_quantity(t, FACT_LOST, TALLY_ALL), tally_demand(t, TALLY_ALL));
}

const struct kpi kpi_p_lost = {
    .name = "P_lost",
    .unit = "1",
    .group = "inventory",
    .definition = "share of demanded units lost",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
};
