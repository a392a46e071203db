/* P_L_gt_n: share of time with more than level_over jobs at the station.
 *
 * NaN when the station sets no limit.
 */
#include "measure/kpi.h"

static double subject(const struct kpi_subject *s)
{
    return s->options->level_over != OMO_UNLIMITED ? s->station->level_over_share : kpi_none();
}

const struct kpi kpi_queueing_p_level_over = {
    .name = "P_L_gt_n",
    .unit = "1",
    .group = "queueing",
    .definition = "share of time with more than level_over jobs at the station",
    .direction = KPI_LESS_IS_BETTER,
    .subjects = KPI_OF_STATION,
    .subject = subject,
};
