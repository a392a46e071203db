/* pick_nil_rate: share of the units looked for by pickers that were not there.
 *
 * Promised from a record that was wrong: re-routed, or cancelled and refunded.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    if (!t->counts_accuracy)
        return kpi_none();
    int64_t missing = tally_quantity(t, FACT_PICK_NIL, channel);

    return tally_share(missing, missing + tally_quantity(t, FACT_PICKED, channel));
}

const struct kpi kpi_pick_nil_rate = {
    .name = "pick_nil_rate",
    .unit = "1",
    .group = "accuracy",
    .definition = "share of the units looked for by pickers that were not there",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
