/* Random cases for the reference: one feature at a time, and networks of stations that each have
 * another one. */
#ifndef OMO_TESTS_KERNEL_REFERENCE_CASES_H
#define OMO_TESTS_KERNEL_REFERENCE_CASES_H

#include "kernel/reference.h"

enum reference_feature {
    FEATURE_DISCIPLINE, /* FIFO, LIFO, shortest, priority; room, patience, balking */
    FEATURE_PREEMPTIVE,
    FEATURE_BATCH,
    FEATURE_WAVE,
    FEATURE_CREWS,
    FEATURE_OVERTIME,
    FEATURE_HAND_OVER,
    FEATURE_BREAKDOWN,
    FEATURE_OF_A_STATION_COUNT,
    FEATURE_BLOCKING = FEATURE_OF_A_STATION_COUNT, /* a line of two to four stations */
    FEATURE_CYCLE,                                 /* blocking in a ring that can't be full */
    FEATURE_FORK_JOIN,                             /* nested */
    FEATURE_NETWORK,                               /* stations with features, random ways */
    FEATURE_COUNT
};

const char *reference_feature_name(enum reference_feature feature);
/* Fills a case; its stations borrow its own arrays, so it stays where it is. */
void reference_case_make(struct reference_case *ret_case, enum reference_feature feature,
                         uint64_t *state);

#endif
