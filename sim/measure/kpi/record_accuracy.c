/* record_accuracy: share of positions whose record shows what is there, on average over time.
 *
 * A position is a product that a place stocks. Wrong either way counts, and by one unit as much as
 * by ten.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    if (!t->counts_accuracy)
        return kpi_none();
    return 1.0 - tally_ratio(tally_level(t, GAUGE_INACCURATE), (double)t->position_count);
}

const struct kpi kpi_record_accuracy = {
    .name = "record_accuracy",
    .unit = "1",
    .group = "accuracy",
    .definition = "share of positions whose record shows what is there, on average "
                  "over time",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
