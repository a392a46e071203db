/* Check-outs: online orders whose units are held and whose payment is to come. Owns nothing: pool and
 * column are the world's. The order has a slot and a detail already; here is what else its
 * settlement will need. */
#ifndef OMO_NETWORK_CHECKOUT_H
#define OMO_NETWORK_CHECKOUT_H

#include "base/pool.h"
#include "network/reach.h"

struct checkout {
    uint32_t slot;             /* of the order; OMO_NONE when this is free */
    uint32_t near_place;       /* OMO_NONE = none */
    uint64_t basket;           /* this and the next two lines: of the customer */
    uint32_t member, prospect; /* OMO_NONE = nobody */
    uint32_t channels, avoid, from_channel, cause;
    uint32_t whole;                          /* 1: all that was wanted is promised */
    uint32_t spare;                          /* 0: what is saved has no holes */
    int64_t list_cents;                      /* of what is promised, before discounts */
    int32_t open[OMO_LINES_MAX];             /* promised, and nobody has them */
    int32_t oversold[OMO_LINES_MAX];         /* when the places were asked ... */
    uint32_t oversold_place[OMO_LINES_MAX];  /* ... and the last one that lacked them */
    int32_t to_follow[OMO_LINES_MAX];        /* backordered ... */
    struct reach_near follow[OMO_LINES_MAX]; /* ... there */
};

struct checkouts {
    struct pool pool;
    struct checkout *item; /* [pool.capacity] */
};

#endif
