/* Waiting jobs of one station (of one skill there): a list for FIFO and LIFO, a tree for the rest.
 *
 * Owns nothing: links are in the jobs, cells of trees in the kernel's column. Removing any job is
 * O(1) in a list and O(log n) in a tree.
 */
#ifndef OMO_KERNEL_QUEUE_H
#define OMO_KERNEL_QUEUE_H

#include <omosim/kernel.h>

#include "base/core.h"

struct queue {
    uint32_t count;
    uint32_t first, last; /* of a list; `first` is the root's cell of a tree */
};

/* Node n of a complete tree numbered from the root, 1, downwards; its jobs move, it does not. */
struct queue_cell {
    uint32_t child[2], parent, job;
};

static inline struct queue queue_empty(void) { return (struct queue){0, OMO_NONE, OMO_NONE}; }

void queue_list_append(struct omo_kernel *k, struct queue *q, uint32_t slot);
uint32_t queue_list_shift(struct omo_kernel *k, struct queue *q);
void queue_list_remove(struct omo_kernel *k, struct queue *q, uint32_t slot);

/* Adds a job in the order of the discipline; `back`: it was in service and goes to the head of its
 * class. */
void queue_add(struct omo_kernel *k, struct queue *q, omo_discipline discipline, uint32_t slot,
               bool back);
void queue_remove(struct omo_kernel *k, struct queue *q, omo_discipline discipline, uint32_t slot);
/* Whose turn it is; the queue is not empty. With OMO_RANDOM the nth, else n is not read. */
uint32_t queue_head(const struct omo_kernel *k, const struct queue *q, omo_discipline discipline,
                    uint32_t n);
/* Whether job a is served before job b, both waiting; not for OMO_RANDOM. */
bool queue_before(const struct omo_kernel *k, omo_discipline discipline, uint32_t a, uint32_t b);

#endif
