/* Lq: mean number of customers waiting at the tills or a station.
 *
 * Those in service are not in it. All tills of the model together.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_TILL_QUEUE);
}

static double subject(const struct kpi_subject *s) { return s->station->queue_mean; }

const struct kpi kpi_queue_waiting = {
    .name = "Lq",
    .unit = "customers",
    .group = "queue",
    .definition = "mean number of customers waiting at the tills or a station",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
