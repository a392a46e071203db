/* A pool of fixed-size slots with a free list; generations tell a slot's lives apart.
 *
 * The pool hands out indices; its columns belong to the caller and have `capacity` elements. Freed
 * slots are used again last-in first-out, so that the memory in use stays small and warm. Taking
 * from an empty pool is a bug: flow/memory.c makes room beforehand.
 */
#ifndef OMO_BASE_POOL_H
#define OMO_BASE_POOL_H

#include "base/core.h"

struct pool {
    const char *name;
    uint32_t *next;       /* [capacity] free list links */
    uint32_t *generation; /* [capacity] raised when a slot is given back */
    uint32_t capacity;
    uint32_t touched;    /* slots that were ever used */
    uint32_t free_first; /* OMO_NONE = only untouched slots are left */
    uint32_t used;
    uint32_t used_max;
};

static inline uint32_t pool_take(struct pool *p)
{
    uint32_t slot = p->free_first;

    if (slot != OMO_NONE) {
        p->free_first = p->next[slot];
    } else {
        OMO_ASSERT(p->touched < p->capacity);
        slot = p->touched++;
    }
    if (++p->used > p->used_max)
        p->used_max = p->used;
    return slot;
}

static inline void pool_give(struct pool *p, uint32_t slot)
{
    OMO_ASSERT(slot < p->touched);
    p->generation[slot]++;
    p->next[slot] = p->free_first;
    p->free_first = slot;
    p->used--;
}

#endif
