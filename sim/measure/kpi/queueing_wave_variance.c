/* Var_wave: variance of the number of jobs in a wave, or in a batch.
 *
 * NaN for a station without a gate and batches.
 */
#include "measure/kpi.h"

static double value(const struct tally *t, uint32_t channel)
{
    const double mean = tally_share(t->wave.parts, t->wave.count);

    (void)channel;
    return tally_ratio((double)t->wave.parts_square, (double)t->wave.count) - mean * mean;
}

static double subject(const struct kpi_subject *s)
{
    bool waves = s->options->wave_us != 0 || s->options->batch_max > 1;

    return waves ? s->station->wave_size_variance : kpi_none();
}

const struct kpi kpi_queueing_wave_variance = {
    .name = "Var_wave",
    .unit = "jobs^2",
    .group = "dispersion",
    .definition = "variance of the number of jobs in a wave, or in a batch",
    .direction = KPI_NEUTRAL,
    .value = value,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
