/* KPIs of a queueing network as tables: rows are KPIs, columns sources, stations, or both. */
#ifndef CLI_NETWORK_TABLE_H
#define CLI_NETWORK_TABLE_H

#include "cli/kpi_filter.h"
#include "cli/study.h"

/* The selected KPIs of the study's first point, on standard output. */
void network_table_print(const Study *study, const KpiFilter *filter);

#endif
