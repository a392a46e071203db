/* Check-outs: online orders whose units are held and whose payment is to come. Owns nothing: pool and
 * column are the world's. The order has a slot and a detail already; here is what else its
 * settlement will need. */
#ifndef OMO_NETWORK_CHECKOUT_H
#define OMO_NETWORK_CHECKOUT_H

#include "base/pool.h"
#include "network/reach.h"

struct checkout {
    uint32_t slot;               /* of the order; OMO_NONE when this is free */
    uint32_t member;             /* OMO_NONE = not a member */
    uint32_t near_place;         /* OMO_NONE = none */
    uint32_t whole;              /* 1: all that was wanted is promised */
    int64_t list_cents;          /* of what is promised, before discounts */
    int32_t open[OMO_LINES_MAX]; /* promised, and nobody has them */
    int32_t
        oversold[OMO_LINES_MAX]; /* when the places were asked; the last place that lacked them */
    uint32_t oversold_place[OMO_LINES_MAX];
    int32_t to_follow[OMO_LINES_MAX];
    struct reach_near follow[OMO_LINES_MAX];
};

struct checkouts {
    struct pool pool;
    struct checkout *item; /* [pool.capacity] */
};

#endif
