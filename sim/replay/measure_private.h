/* What the files of measure.h share: a worker's memory, and who may touch what of it.
 *
 * Atomics here have one writer each; "worker" or "main" says which thread that is. Everything else
 * is the worker's alone until it has ended.
 */
#ifndef REPLAY_MEASURE_PRIVATE_H
#define REPLAY_MEASURE_PRIVATE_H

#include "replay/coarse.h"
#include "replay/measure.h"

#define MEASURE_NO_ROW UINT32_MAX
#define MEASURE_NO_KEY INT64_C(-1)

struct measure_slot_row {
    _Atomic uint64_t outcome[OUTCOME_COUNT];
    struct coarse_live clock[MEASURE_CLOCKS];
};

/* An interval of the ring. Its key is its number: intended time / interval_ns. */
struct measure_slot {
    _Atomic int64_t key; /* MEASURE_NO_KEY = never used */
    struct measure_slot_row rows[];
};

struct measure_worker_row {
    _Atomic uint64_t outcome[OUTCOME_COUNT]; /* warm-up left out */
    omo_histogram *clock[MEASURE_CLOCKS];    /* read by main only when the worker has ended */
};

struct measure {
    int64_t interval_ns, warm_up_ns;
    uint32_t row_count;            /* rows that have memory */
    uint32_t row_of[MEASURE_ROWS]; /* step kind -> row with memory, or MEASURE_NO_ROW */
    size_t slot_size;
    struct measure_worker_row *rows; /* [row_count] */
    char *slots;                     /* MEASURE_RING of slot_size each */

    /* worker */
    struct measure_slot *current; /* the slot used last; NULL = none */
    struct measure_slot *free_slots[MEASURE_RING];
    uint32_t free_count;
    _Atomic(struct measure_slot *) ring[MEASURE_RING]; /* by key % MEASURE_RING; NULL = none */
    _Atomic uint64_t entered, left;                    /* records begun, records made */
    _Atomic uint64_t warm_up, late, lost;
    _Atomic uint64_t journeys[MEASURE_JOURNEYS];
    _Atomic uint64_t counts[MEASURE_COUNTS];
    _Atomic uint64_t status[MEASURE_STATUS_MAX];

    /* main */
    _Alignas(64) _Atomic int64_t open_from; /* nothing more may go into intervals before */
    _Atomic int64_t taken;                  /* slots of intervals before may be used again */
};

#endif
