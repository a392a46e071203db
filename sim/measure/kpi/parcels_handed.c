/* parcels_handed: parcels of third parties that were handed over.
 *
 * Each brings its fee and a visitor.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return (double)tally_count(t, FACT_PARCEL_OUT, TALLY_ALL);
}

const struct kpi kpi_parcels_handed = {
    .name = "parcels_handed",
    .unit = "units",
    .group = "service",
    .definition = "parcels of third parties that were handed over",
    .direction = KPI_MORE_IS_BETTER,
    .per_channel = false,
    .value = value,
};
