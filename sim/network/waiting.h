/* Backorders: units promised without stock, first come first served for each position. */
#ifndef OMO_NETWORK_WAITING_H
#define OMO_NETWORK_WAITING_H

#include "base/pool.h"

struct waiter {
    uint64_t identity;
    int64_t since_us;
    int64_t cents;    /* the customer paid for the units still waiting */
    int32_t quantity; /* still waiting */
    uint32_t next;
    uint32_t order; /* slot, or OMO_NONE when a walk-in waits */
    uint32_t sku;
    uint8_t part;
    uint8_t channel;
    uint8_t line;
    uint8_t spare;      /* 0: what is saved has no holes, here and below */
    uint32_t first;     /* units of the line before these */
    int32_t units;      /* in all, served or not; with first and line of a walk-in only */
    uint32_t member;    /* of a walk-in who waits, or OMO_NONE */
    int64_t paid_cents; /* for all of them */
};

struct waiting {
    struct pool pool;
    struct waiter *waiter; /* [pool.capacity] */
    /* [position], OMO_NONE when nobody waits; NULL when shortages are lost */
    uint32_t *first, *last;
};

static inline void waiting_add(struct waiting *w, size_t position, struct waiter waiter)
{
    uint32_t slot = pool_take(&w->pool);

    waiter.next = OMO_NONE;
    w->waiter[slot] = waiter;
    if (w->first[position] == OMO_NONE)
        w->first[position] = slot;
    else
        w->waiter[w->last[position]].next = slot;
    w->last[position] = slot;
}

/* The first one has all its units. */
static inline void waiting_pop(struct waiting *w, size_t position)
{
    uint32_t slot = w->first[position];

    w->first[position] = w->waiter[slot].next;
    pool_give(&w->pool, slot);
}

#endif
