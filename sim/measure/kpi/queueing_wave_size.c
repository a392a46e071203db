/* E_wave: mean number of jobs in a wave, or in a batch.
 *
 * Empty waves count. NaN for a station without a gate and batches.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    (void)channel;
    return tally_share(t->wave.parts, t->wave.count);
}

static double subject(const struct kpi_subject *s)
{
    bool waves = s->options->wave_us != 0 || s->options->batch_max > 1;

    return waves ? s->station->wave_size_mean : kpi_none();
}

const struct kpi kpi_queueing_wave_size = {
    .name = "E_wave",
    .unit = "jobs",
    .group = "queueing",
    .definition = "mean number of jobs in a wave, or in a batch",
    .direction = KPI_NEUTRAL,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
