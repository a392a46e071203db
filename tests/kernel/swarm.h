/* Random networks of stations from a seed, with all that a kernel has, and what must hold in
 * each of them, seen from outside. */
#ifndef OMO_TESTS_KERNEL_SWARM_H
#define OMO_TESTS_KERNEL_SWARM_H

#include <omosim/kernel.h>

#define SWARM_STATIONS 6
#define SWARM_SOURCES 3

struct swarm {
    omo_kernel *k;
    uint64_t seed;
    int64_t until_us;
    uint32_t station_count, source_count;
    bool forward; /* jobs only go to stations that were added later */
    bool closed[SWARM_SOURCES];
    omo_station_options station[SWARM_STATIONS];
    omo_shift shift[SWARM_STATIONS][3];
    omo_crew crew[SWARM_STATIONS][3];
    omo_station branch[SWARM_STATIONS][3];
    omo_rate rate[SWARM_SOURCES][3];
    omo_kind tick;
    omo_timer timer;
    int64_t stop_one_in; /* a handler stops the run so often; 0 = never */
    /* Counted by handlers; the tick is part of the model, the rest since the last reset. */
    uint64_t ticks, stops;
    struct swarm_spot {
        struct swarm *swarm;
        uint32_t index;
        uint64_t started, done, reneged, refused, inside_reset;
    } spot[SWARM_STATIONS];
    struct swarm_door {
        struct swarm *swarm;
        uint32_t index;
        uint64_t arrived, ended, inside_reset;
    } door[SWARM_SOURCES];
};

/* Makes the network of a seed, its kernel seeded with another one. Aborts when the kernel refuses
 * it. The caller frees the kernel. */
void swarm_make(struct swarm *s, uint64_t seed, uint64_t kernel_seed);
/* Runs to a time, through all stops on the way. */
void swarm_run(struct swarm *s, int64_t until_us);
void swarm_reset(struct swarm *s);
/* What does not hold, else NULL. Static text. */
const char *swarm_check(const struct swarm *s);

/* All of it for one seed: one run, many short ones with resets, runs with stops, another seed; sums
 * up the events. Aborts with what does not hold. */
void swarm_one(uint64_t seed, uint64_t *events);

#endif
