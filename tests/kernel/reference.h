/* Stations once more, slow and plainly right: the second opinion that the kernel is held against.
 *
 * A case is stations (their options as the kernel takes them, with constant laws) and customers
 * that carry all their numbers with them: when they come, where they go, how long each service
 * takes. Nothing is drawn, so both sides must agree on every start and end to the microsecond. What
 * the contract leaves open (who is first of two at one instant) is not covered: cases avoid it.
 */
#ifndef OMO_TESTS_KERNEL_REFERENCE_H
#define OMO_TESTS_KERNEL_REFERENCE_H

#include <omosim/kernel.h>

#define REFERENCE_STATIONS 8
#define REFERENCE_PLANS 40
#define REFERENCE_STEPS 6
#define REFERENCE_FACTS 160
#define REFERENCE_SHIFTS 4
#define REFERENCE_CREWS 3
#define REFERENCE_BRANCHES 3
#define REFERENCE_CUSTOMERS 1024

struct reference_step {
    uint32_t station;
    int64_t service_us; /* negative: by the station's own, constant law */
};

struct reference_plan { /* of one customer */
    int64_t arrive_us;
    int32_t priority;
    uint32_t skill;
    bool goes_on; /* after a refusal or the end of patience: to the next step, not out */
    uint32_t step_count;
    struct reference_step step[REFERENCE_STEPS];
};

struct reference_case {
    uint32_t station_count, plan_count;
    int64_t until_us;
    omo_station_options station[REFERENCE_STATIONS];
    omo_shift shift[REFERENCE_STATIONS][REFERENCE_SHIFTS];
    omo_crew crew[REFERENCE_STATIONS][REFERENCE_CREWS];
    omo_station branch[REFERENCE_STATIONS][REFERENCE_BRANCHES];
    struct reference_plan plan[REFERENCE_PLANS];
};

enum reference_what {
    REFERENCE_START,
    REFERENCE_DONE,
    REFERENCE_RENEGED,
    REFERENCE_REFUSED,
    REFERENCE_END
};

struct reference_fact {
    int64_t at_us;
    uint32_t station; /* OMO_UNLIMITED for the end */
    enum reference_what what;
};

struct reference_log {
    uint32_t count;
    struct reference_fact fact[REFERENCE_FACTS];
};

struct reference_sums { /* of one station; times in microseconds */
    uint64_t arrived, refused, balked, reneged, started, done, preempted;
    double waiting_us, serving_us, blocked_us, level_us, duty_us, down_us, wait_us;
    uint32_t level_max;
};

struct reference_result {
    struct reference_log plan[REFERENCE_PLANS];
    struct reference_log child[REFERENCE_STATIONS]; /* of split jobs, by the station they are at */
    struct reference_sums sums[REFERENCE_STATIONS];
};

/* Adds a fact; of the starts of one visit only the first. */
void reference_note(struct reference_log *log, enum reference_what what, uint32_t station,
                    int64_t at_us);
/* Runs a case until its end. */
void reference_run(const struct reference_case *c, struct reference_result *ret_result);

#endif
