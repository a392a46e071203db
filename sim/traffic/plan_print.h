/* Plans as text, a line a step. */
#ifndef TRAFFIC_PLAN_PRINT_H
#define TRAFFIC_PLAN_PRINT_H

#include "traffic/plan_merge.h"

#include <stdio.h>

/* The headings. */
void plan_print_heading(const PlanMerge *merge, FILE *stream);
/* At most `line_max` steps of a journey; returns how many were printed. Errors of the stream are
 * left to its owner. */
uint64_t plan_print_visit(const PlanMerge *merge, const struct plan_visit *visit, uint64_t line_max,
                          FILE *stream);

/* A time of the plan: "1d 18:03:22.500000" since time 0, or the date and UTC time when time 0 is
 * known. Returns `text`. */
#define PLAN_TIME_SIZE 48
const char *plan_print_time(const PlanMerge *merge, int64_t at_us, char text[PLAN_TIME_SIZE]);

#endif
