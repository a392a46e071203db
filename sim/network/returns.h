/* Returns under way: units that were handed over and will come back, from the hand-over until they
 * have been looked at. One slot for the units of one line that come back together. Owns nothing:
 * pool and column are the world's.
 *
 * The slot begins at the hand-over because then it is known (to the simulation, to nobody in it)
 * which units come back, and its event waits; so the units that are out with their customers can be
 * counted like stock in transit.
 */
#ifndef OMO_NETWORK_RETURNS_H
#define OMO_NETWORK_RETURNS_H

#include "base/pool.h"

enum return_stage {
    RETURN_OUT,    /* with the customer */
    RETURN_POSTED, /* a parcel on its way */
    RETURN_HERE    /* at a place, not yet looked at */
};

struct return_item {
    uint64_t identity; /* of the order that they were sold on */
    int64_t cents;     /* paid for them */
    uint32_t sku;
    uint32_t place; /* that handed them over; from the request on the one they go to */
    uint32_t home;  /* whose stock they join: it has the product */
    int32_t quantity;
    uint32_t member; /* who bought them, OMO_NONE = nobody's */
    uint32_t first;  /* ordinal, within its line, of the first unit of the hand-over */
    uint8_t channel;
    uint8_t line;
    uint8_t stage;
    uint8_t spare[5]; /* 0: what is saved has no holes */
};

struct returns {
    struct pool pool;
    struct return_item *item; /* [pool.capacity] */
};

#endif
