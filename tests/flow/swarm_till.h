/* Customers at the tills of a random network, counted by the facts alone. */
#ifndef OMO_TESTS_FLOW_SWARM_TILL_H
#define OMO_TESTS_FLOW_SWARM_TILL_H

#include "flow/build.h"

#include "base/core.h"

struct swarm_till { /* customers at tills, as the facts tell */
    const omo_model *model;
    int64_t inside, at_us;
    core_int128 area;
    uint32_t placed, done, queued, reneged;
    uint64_t waits[4096]; /* who queue with limited patience, and pay later */
    uint32_t wait_count;
};

/* The area under the number of customers grows up to a time. */
void swarm_till_until(struct swarm_till *t, int64_t at_us);
/* An omo_fact_reader. */
void swarm_till_read(void *user, const omo_fact *f, size_t count);

#endif
