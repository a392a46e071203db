/* Wq_autocorrelation: autocorrelation at lag 1 of the batch means behind Wq_half_width.
 *
 * Far from 0: the run is too short for its batches to be independent.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s) { return s->station->wait_autocorrelation; }

const struct kpi kpi_queueing_wait_autocorrelation = {
    .name = "Wq_autocorrelation",
    .unit = "1",
    .group = "dispersion",
    .definition = "autocorrelation at lag 1 of the batch means behind Wq_half_width",
    .direction = KPI_NEUTRAL,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
