/* L: mean number of customers at the tills or a station, waiting or served.
 *
 * All tills of the model together: a textbook queue has one station, and several equal ones add
 * up. L = lambda W is checked by the theory tests.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_level(t, GAUGE_TILL_QUEUE) + tally_level(t, GAUGE_TILL_BUSY);
}

static double subject(const struct kpi_subject *s) { return s->station->level_mean; }

const struct kpi kpi_queue_customers = {
    .name = "L",
    .unit = "customers",
    .group = "queue",
    .definition = "mean number of customers at the tills or a station, waiting or served",
    .direction = KPI_LESS_IS_BETTER,
    .per_channel = false,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
