/* Group buys that are filling: orders that wait for others. Owns nothing: pools and columns are the
 * world's. A zone (or the chain) has one open group of a channel at a time, in its column. */
#ifndef OMO_NETWORK_GROUPS_H
#define OMO_NETWORK_GROUPS_H

#include "base/pool.h"

struct joiner { /* an order that waits for its group */
    uint64_t identity;
    uint64_t basket; /* identity whose draws fill the basket */
    int64_t joined_us;
    int64_t held_cents; /* the customer has paid it, and gets it back or the goods */
    uint32_t zone, segment;
    uint32_t member;   /* OMO_NONE = not a member */
    uint32_t prospect; /* who they would be as a member, or OMO_NONE */
    uint32_t next;
    uint8_t cause;        /* enum follow_cause */
    uint8_t from_channel; /* of the visit before, or OMO_FACT_NO_CHANNEL */
    uint8_t depth;
    uint8_t spare[1]; /* 0: what is saved has no holes */
};

struct group {
    int64_t opened_us;
    uint32_t first, last, count; /* joiners, in the order of joining */
    uint32_t column;
    uint32_t channel;
    uint32_t spare;
};

struct groups {
    struct pool pool, joiners;
    struct group *group;   /* [pool.capacity] */
    struct joiner *joiner; /* [joiners.capacity] */
    uint32_t *open;        /* [column] the group that is filling, or OMO_NONE */
};

#endif
