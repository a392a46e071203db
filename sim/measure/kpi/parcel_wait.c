/* parcel_wait: mean time that a third party's parcel stands on the pickup shelf.
 *
 * From its slot to its customer; the slots it takes are rate x time (Little 1961).
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_mean(t, FACT_PARCEL_OUT, TALLY_ALL, (double)OMO_US_PER_HOUR);
}

const struct kpi kpi_parcel_wait = {
    .name = "parcel_wait",
    .unit = "h",
    .group = "service",
    .definition = "mean time that a third party's parcel stands on the pickup shelf",
    .direction = KPI_NEUTRAL,
    .per_channel = false,
    .value = value,
};
