/* Which KPI columns a table shows when nobody says: the measures that a planner decides on. */
#ifndef CLI_HEADLINES_H
#define CLI_HEADLINES_H

#include "cli/kpi_filter.h"
#include "cli/study.h"

/* Columns of the study's models (uint32_t), in the order to show them: those of --kpis; else those
 * of `names` (NULL-terminated) that the scenario asks for, and of a queueing network the measures
 * of its sources and stations; else whatever the scenario asks for. Once points are finished,
 * columns that none of them has a value for are left out. Caller frees with g_array_unref(). */
GArray *headlines_choose(const Study *study, const KpiFilter *filter, const char *const *names);

#endif
