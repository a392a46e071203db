/* courier_batch_size: mean number of orders that a courier takes on a tour.
 *
 * Of channels with `batch`; trips of single parts are no tours.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    return tally_share(tally_quantity(t, FACT_TOUR, channel), tally_count(t, FACT_TOUR, channel));
}

const struct kpi kpi_courier_batch_size = {
    .name = "courier_batch_size",
    .unit = "parts",
    .group = "fulfilment",
    .definition = "mean number of orders that a courier takes on a tour",
    .direction = KPI_NEUTRAL,
    .per_channel = true,
    .value = value,
};
