/* What a result says: who wins, by how much, which points are drawn. Worked out once, told by the
 * page, the tables and the pictures.
 */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include "report/format.h"
#include "results/results.h"

#define FINDING_SHOWN_MAX 8 /* points in pictures and headline: as many as there are colours */

struct finding {
    Results *results;  /* borrowed */
    int64_t objective; /* KPI column, or -1 when no point has a value for one */
    int direction;     /* of the objective: 1 more is better, -1 less */
    uint32_t winner;   /* best mean of the objective; 0 without an objective */
    uint32_t runner;   /* second best; the winner itself when it is alone */
    uint32_t other;    /* the point that stands against point 0: the winner, else the runner */
    uint32_t shown[FINDING_SHOWN_MAX]; /* rising, point 0 and the winner among them */
    uint32_t shown_count;
};

/* Reads what it needs of `results`, which must outlive it. A result without points is BAD_INPUT. */
gboolean finding_read(Results *results, struct finding *ret_finding, GError **ret_error);
/* Measured days (without warm-up), 0 when not known. */
double finding_days(const struct finding *finding);
/* Unit in which a KPI column is shown at all points. */
gboolean finding_unit(const struct finding *finding, uint32_t column, struct format_unit *ret_unit,
                      GError **ret_error);
/* The answer in one sentence, and a second that says how sure it is ("" when there is nothing to
 * say). Plain text; caller frees both. */
gboolean finding_answer(const struct finding *finding, char **ret_sentence, char **ret_note,
                        GError **ret_error);
/* The shown points as a JSON list, for queries: "[0,1,2]". Caller frees. */
char *finding_shown_json(const struct finding *finding);

/* 1 better, -1 worse, 0 not to be told apart (the interval of the difference holds 0, or there is
 * none) or neither better nor worse. */
int finding_verdict(omo_summary difference, int direction);

#endif
