/* endless_aisle_share: how much of what is sold the shop could not have had.
 *
 * Units ordered at screens that their shop does not stock, of all units that were promised.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_AISLE, channel),
                       tally_quantity(t, FACT_PLACED, channel));
}

const struct kpi kpi_endless_aisle_share = {
    .name = "endless_aisle_share",
    .unit = "1",
    .group = "touch",
    .definition = "share of promised units ordered at a screen of a shop that does not stock them",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
