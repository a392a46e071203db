/* Estimates as people and machines read them: "1,234.5 ± 6.7" and {"mean": ..., "half_width": ...}.
 */
#ifndef CLI_ESTIMATE_H
#define CLI_ESTIMATE_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#include <omosim/experiment.h>

/* Mean and half-width with the digits that the half-width justifies; a dash without a value, the
 * mean alone with a single one. `sign` puts a plus before positive means. Caller frees. */
char *estimate_format(omo_summary summary, bool sign);
/* The mean alone, with the same digits. Caller frees. */
char *estimate_format_mean(omo_summary summary);
/* A number that is no estimate: up to six digits, no zeros at the end. Caller frees. */
char *estimate_format_number(double number);
/* The 95 % interval is known and excludes 0. */
bool estimate_excludes_zero(omo_summary summary);

/* Unit of a KPI column's KPI with the currency put in for "money". Static or borrowed. */
const char *estimate_unit(uint32_t kpi, const char *currency);

/* {"mean", "half_width", "unit"}, mean first; null where there is no value. */
json_t *estimate_json(omo_summary summary, const char *unit);

/* 16 hex digits. Caller frees. */
char *estimate_digest(uint64_t digest);

#endif
