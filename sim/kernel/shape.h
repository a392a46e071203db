/* What two queueing networks must have in common so that one can go on from the state of the other:
 * their traits (base/traits.h), gathered from the options that a model adds.
 */
#ifndef OMO_KERNEL_SHAPE_H
#define OMO_KERNEL_SHAPE_H

#include <omosim/kernel.h>

#include "base/traits.h"

struct shape {
    uint32_t station_count, source_count;
    struct checksum names, servers, queues, branches, measures, arrivals;
};

void shape_begin(struct shape *s);
/* In the order in which they are added. The options have been found good. */
void shape_station(struct shape *s, const omo_station_options *o);
void shape_source(struct shape *s, const omo_source_options *o);
/* Adds eight traits. */
void shape_end(struct shape *s, struct traits *t);

#endif
