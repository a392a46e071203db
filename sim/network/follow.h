/* Follow-ups: visits that another visit leads to, later: somebody who looked in the shop orders at
 * home, a friend follows a link, a subscription comes round. Owns nothing: pool and column are the
 * world's. */
#ifndef OMO_NETWORK_FOLLOW_H
#define OMO_NETWORK_FOLLOW_H

#include "base/pool.h"

enum follow_cause {
    FOLLOW_NONE,     /* a visit of its own */
    FOLLOW_SHOWROOM, /* looked in a shop, orders online */
    FOLLOW_WEBROOM,  /* looked online, comes to a shop */
    FOLLOW_STORE,    /* found a shelf empty, goes to another shop */
    FOLLOW_INVITED,  /* a link or a group brought a friend */
    FOLLOW_RENEWAL,  /* a subscription's next order */
    FOLLOW_CAUSE_COUNT
};

struct follow_up {
    uint64_t identity; /* of the visit to come: orders_follow() or follow_up_identity() */
    uint64_t basket;   /* identity whose draws fill the basket */
    uint32_t zone, segment;
    uint32_t member;      /* OMO_NONE = not a member */
    uint32_t channels;    /* bit i = channel i may be chosen; 0 = as the segment offers */
    uint32_t avoid;       /* place that is not looked at again, or OMO_NONE */
    uint8_t cause;        /* enum follow_cause */
    uint8_t from_channel; /* where it began, or OMO_FACT_NO_CHANNEL */
    uint16_t lines;       /* of the basket: bit i = line i is still wanted; 0 = all */
};

struct follow_ups {
    struct pool pool;
    struct follow_up *item; /* [pool.capacity] */
};

#endif
