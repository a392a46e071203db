/* A load run made of literals: what the outputs and the verdict are tested with.
 *
 * Twenty seconds from second 0 on, the first one warm-up, two workers. Each second has 70 browse,
 * 20 check_out and 10 pay requests, sent 100 us late and answered after 2, 5 and 10 ms; but in second
 * 10 check_out takes 500 ms. Of pay two time out in second 15 (1 s) and one is answered with 503; of
 * check_out one is refused (409) in second 5, and one shed in second 6 after 3 ms.
 */
#ifndef TESTS_REPLAY_LITERAL_H
#define TESTS_REPLAY_LITERAL_H

#include "replay/summary.h"

struct literal {
    struct measure *workers[2];
    struct load_result result;
    struct load_report report;
    struct load_stage stages[2]; /* 0-10 s and 10-20 s */
    struct threshold_finding findings[3];
};

/* Measured, merged and reported; findings: one held, one broken, one over a window. */
struct literal *literal_new(void);
void literal_free(struct literal *literal);

#endif
