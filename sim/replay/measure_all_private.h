/* What measure_all.c and measure_series.c share: closed intervals as they are kept. */
#ifndef REPLAY_MEASURE_ALL_PRIVATE_H
#define REPLAY_MEASURE_ALL_PRIVATE_H

#include "replay/measure_private.h"

/* A closed interval, with what its figures were made of. `outcome` and `clock` have an entry for
 * each row in use, the total not among them. */
struct measure_closed {
    struct measure_interval figures;
    uint32_t row_count;
    uint64_t (*outcome)[OUTCOME_COUNT];
    struct coarse_packed (*clock)[MEASURE_CLOCKS];
};

struct measure_all {
    struct measure *const *workers;
    uint32_t worker_count;
    int64_t timeout_ns, interval_ns, warm_up_ns;
    uint32_t row_count;
    uint32_t row_of[MEASURE_ROWS];
    uint32_t step_of[MEASURE_ROWS]; /* row in use -> step kind */

    int64_t open_from, taken; /* intervals in [taken, open_from) are being closed */
    uint64_t *entered;        /* [worker_count] records begun when last looked; see measure.c */
    bool looked;

    struct measure_closed *recent[MEASURE_RING]; /* by key % MEASURE_RING */
    GPtrArray *series;                           /* struct measure_closed */
    uint32_t series_factor;                      /* intervals in an entry of the series */
    uint32_t series_last;                        /* of them in the last entry */
    struct coarse_sum (*so_far)[MEASURE_CLOCKS]; /* closed, warm-up left out, a row in use each */
    struct coarse_sum scratch, total;

    struct measure_row rows[MEASURE_ROWS]; /* after the merge */
};

/* measure_series.c */
struct measure_closed *measure_closed_new(uint32_t row_count, int64_t begin_ns, int64_t end_ns);
void measure_closed_free(struct measure_closed *closed);
/* Takes interval `key` out of the workers' rings: into recent, so_far and series. */
void measure_series_close(struct measure_all *all, int64_t key);

#endif
