/* E_on_hand: mean units on hand, all places together.
 *
 * Physical units. Where customers take the goods at once this is the textbook's positive part of
 * net stock; goods reserved and not yet picked are still on hand.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_UNITS);
}

const struct kpi kpi_e_on_hand = {
    .name = "E_on_hand",
    .unit = "units",
    .group = "inventory",
    .definition = "mean units on hand, all places together",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
