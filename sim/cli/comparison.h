/* Design points side by side, as tables and as JSON. */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "cli/kpi_filter.h"
#include "cli/study.h"
#include "cli/winner.h"

/* All of it on standard output: head, tables, published figures, winner. Finished points only. */
void comparison_print(const Study *study, const KpiFilter *filter, const struct winner *winner);
void comparison_print_json(const Study *study, const KpiFilter *filter,
                           const struct winner *winner);

#endif
