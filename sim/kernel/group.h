/* Jobs that go together: batches behind one server, waves through a gate, the branches of a split
 * job. Called by station.c and the loop. */
#ifndef OMO_KERNEL_GROUP_H
#define OMO_KERNEL_GROUP_H

#include "kernel/engine.h"

/* Free servers take batches. */
void group_fill(struct omo_kernel *k, struct station *s);
/* The first of those that wait for a batch has changed: the event that waits for it, too. */
void group_timer(struct omo_kernel *k, struct station *s);
/* A batch is served; `first` stands for all of it. */
void group_done(struct omo_kernel *k, struct station *s, uint32_t first);
/* A job is split into one for each branch. */
void group_split(struct omo_kernel *k, struct station *s, uint32_t slot);

#endif
