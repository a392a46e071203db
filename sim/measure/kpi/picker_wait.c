/* picker_wait: mean time that a part of an order waits for a picker.
 *
 * From routing until someone begins: closed hours and the queue. The first thing that grows when
 * pickers are too few.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_mean(t, FACT_PICK_START, channel, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_picker_wait = {
    .name = "picker_wait",
    .unit = "h",
    .group = "fulfilment",
    .definition = "mean time that a part of an order waits for a picker",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = true,
    .value = value,
};
