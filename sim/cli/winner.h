/* Which design point is best on one KPI, and whether that can be said. */
#ifndef CLI_WINNER_H
#define CLI_WINNER_H

#include "cli/study.h"

#include <jansson.h>
#include <stdio.h>

struct winner {
    uint32_t column; /* of the objective */
    bool is_known;   /* some point has a value; else the rest means nothing */
    bool has_runner_up;
    bool is_significant; /* its paired 95 % intervals against every other point exclude 0 */
    uint32_t point;
    uint32_t runner_up; /* second by mean */
    omo_summary value;
    omo_summary difference; /* paired, winner less runner-up */
};

/* Column of the study's objective; one that is neither better high nor low is BAD_USAGE. */
gboolean winner_find_objective(const Study *study, uint32_t *ret_column, GError **ret_error);
/* Compares the finished points. */
struct winner winner_find(const Study *study, uint32_t column);
/* One sentence. */
void winner_print(const struct winner *winner, const Study *study, FILE *stream);
/* {"point", "objective", "mean", "difference", "half_width", "significant", "against"}, or null. */
json_t *winner_json(const struct winner *winner, const Study *study);

#endif
