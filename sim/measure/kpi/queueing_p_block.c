/* P_block: share of arrivals that find no room.
 *
 * Erlang B for a station without a queue. NaN where the room has no limit.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    if (!s->limited)
        return kpi_none();
    return s->station != NULL
               ? tally_ratio((double)s->station->refused, (double)s->station->arrived)
               : tally_ratio((double)s->jobs->refused, (double)s->jobs->arrived);
}

const struct kpi kpi_queueing_p_block = {
    .name = "P_block",
    .unit = "1",
    .group = "queueing",
    .definition = "share of arrivals that find no room",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION | KPI_OF_CLASS,
    .subject = subject,
};
