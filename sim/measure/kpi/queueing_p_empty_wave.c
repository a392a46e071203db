/* P_empty_wave: share of waves without a job.
 *
 * A gate opens by the clock, whether anybody waits or not. NaN without a gate.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(t->wave.empty, t->wave.count);
}

static double subject(const struct kpi_subject *s)
{
    return s->options->wave_us != 0 ? s->station->wave_empty_share : kpi_none();
}

const struct kpi kpi_queueing_p_empty_wave = {
    .name = "P_empty_wave",
    .unit = "1",
    .group = "queueing",
    .definition = "share of waves without a job",
    .direction = KPI_LESS_IS_BETTER,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
