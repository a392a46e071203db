/* A sweep on standard output: a row a point, its values on the axes and its KPIs. */
#ifndef CLI_SWEEP_TABLE_H
#define CLI_SWEEP_TABLE_H

#include "cli/factorial.h"
#include "cli/winner.h"

/* Head, table of means, table of paired differences to the first point, digests, winner. `columns` are
 * KPI columns (uint32_t); `effects` are those of a factorial design, which take the place of the
 * differences, or NULL. Finished points only. */
void sweep_table_print(const Study *study, const GArray *columns, const GPtrArray *effects,
                       const struct winner *winner);
void sweep_table_print_json(const Study *study, const GArray *columns, const GPtrArray *effects,
                            const struct winner *winner);

#endif
