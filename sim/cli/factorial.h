/* What a factorial design says: each lever alone, all together, main effects and interactions. */
#ifndef CLI_FACTORIAL_H
#define CLI_FACTORIAL_H

#include "cli/study.h"

#include <jansson.h>

enum factorial_kind {
    FACTORIAL_BASE,    /* value of the point without any factor */
    FACTORIAL_ALONE,   /* change that one factor brings by itself */
    FACTORIAL_SUM,     /* sum of those */
    FACTORIAL_ALL,     /* change that all bring together */
    FACTORIAL_SYNERGY, /* all - base - sum of what each brings alone */
    FACTORIAL_EFFECT   /* of a term: omo_factorial_effect() */
};

struct factorial_row {
    enum factorial_kind kind;
    uint32_t size;      /* factors in the term; 0 where there is none */
    char *term;         /* "members", "members x inventory", "base", "all" ... */
    omo_summary *value; /* [column] */
};

/* Rows (struct factorial_row) in the order above, of the study's finished factorial points.
 * `columns` are KPI columns (uint32_t). Interactions of more than two factors only in designs of up
 * to 4. Caller frees with g_ptr_array_unref(). */
GPtrArray *factorial_rows(const Study *study, const GArray *columns);

/* Two tables on standard output: levers, effects. */
void factorial_print(const Study *study, const GArray *columns, const GPtrArray *rows);
/* [{"kind", "term", "size", "kpi": {NAME: {"mean", "half_width", "unit"}}}]. */
json_t *factorial_json(const Study *study, const GArray *columns, const GPtrArray *rows);
/* Into the result database, when there is one. */
gboolean factorial_save(Study *study, const GArray *columns, const GPtrArray *rows,
                        GError **ret_error);

#endif
