/* Which KPI columns to show: `--kpis sales,fill_rate,orders.app`, or what the scenario asks for. */
#ifndef CLI_KPI_FILTER_H
#define CLI_KPI_FILTER_H

#include "scenario/scenario.h"

#include <glib.h>
#include <stdbool.h>

#include <omosim/world.h>

typedef struct kpi_filter KpiFilter;

/* `list` is the text of --kpis: groups, KPI names, column names, or "all". NULL selects what the
 * scenario's run.kpis says. Unknown names are BAD_USAGE with the nearest spelling; column names are
 * known by `model`. Borrows the scenario. Caller frees. */
KpiFilter *kpi_filter_new(const char *list, const Scenario *scenario, const omo_model *model,
                          GError **ret_error);
void kpi_filter_free(KpiFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KpiFilter, kpi_filter_free)

/* Whether --kpis was given. */
bool kpi_filter_is_explicit(const KpiFilter *filter);
/* Whether column `column` of the model is selected. */
bool kpi_filter_wants(const KpiFilter *filter, const omo_model *model, uint32_t column);

#endif
