/* preemptions: times that a job is put back from service, per job begun.
 *
 * By a job that comes first, at the end of a shift, or by a breakdown. NaN where none of them
 * happens.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    const omo_station_options *o = s->options;

    if (o->discipline != OMO_PRIORITY_PREEMPTIVE && !o->breaks && o->shift_count == 0)
        return kpi_none();
    return tally_ratio((double)s->station->preempted, (double)s->station->started);
}

const struct kpi kpi_queueing_preemptions = {
    .name = "preemptions",
    .unit = "1",
    .group = "queueing",
    .definition = "times that a job is put back from service, per job begun",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
