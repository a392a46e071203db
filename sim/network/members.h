/* What is known of the members who are no longer as they began: a sparse table keyed by member.
 *
 * Owns nothing: the column is the world's, and flow/memory.c makes room for more before they are
 * needed. Who is not in the table has done nothing yet; their traits are keyed draws. The order of
 * the slots follows from who came first and must not reach anything that is emitted.
 */
#ifndef OMO_NETWORK_MEMBERS_H
#define OMO_NETWORK_MEMBERS_H

#include <omosim/members.h>

#include "base/core.h"

enum member_flag {
    MEMBER_REGISTERED = 1, /* joined by signing up, ahead of the zone's growth */
    MEMBER_LEFT = 2,
    MEMBER_LINKED = 4, /* linked their ids later */
    MEMBER_ID = 8      /* << omo_identity: took an id of the system later */
};

/* One cache line. */
struct member {
    uint32_t key; /* member + 1; 0 = a free slot */
    uint32_t purchases;
    int64_t last_us;     /* of their last purchase */
    int64_t spent_cents; /* on all purchases */
    /* what they hold in each system's wallet; of linked members only [OMO_ID_OWN] */
    int64_t points[OMO_ID_COUNT];
    uint32_t points_day; /* when they last earned */
    uint8_t flags;       /* enum member_flag */
    uint8_t fresh;       /* bit i: the tills have not heard of coupon i yet */
    uint8_t spare[2];    /* 0: what is saved has no holes */
    /* [coupon] bit 0: holds one; bits 1..: claimed so far */
    uint8_t coupon[OMO_PROMOTIONS_MAX];
};
static_assert(sizeof(struct member) == 64, "a member is one cache line");

/* A zone's members, by their order of joining; two prefixes say all of those who are not in the
 * table. */
struct member_zone {
    uint32_t joined; /* the first so many have joined */
    uint32_t ahead;  /* others have registered */
    uint32_t gone;   /* the first so many have left */
    uint32_t left;   /* others have left */
};

struct members {
    struct member *item; /* [capacity], a power of two */
    uint32_t capacity;
    uint32_t count;            /* entries: at most half of the capacity */
    uint32_t registered_count; /* of them have MEMBER_REGISTERED; MEMBER_LEFT */
    uint32_t left_count;
    int64_t coupons_held;
    struct member_zone *zone; /* [zone]; NULL = everybody is a member for ever */
    /* [points_ring] points by the day on which their owner last earned some */
    int64_t *points_of_day;
    uint32_t points_ring; /* 0 = points never lapse */
};

/* Members of a zone at present. */
static inline uint32_t members_present(const struct member_zone *z)
{
    return z->joined + z->ahead - z->gone - z->left;
}

/* The member's entry, or NULL while they are as they began. */
struct member *members_find(const struct members *m, uint32_t member);
/* The same, made when it is missing. Entries move when another is made. */
struct member *members_take(struct members *m, uint32_t member);
/* Fetches into the cache where the member's entry is or would be. */
void members_prefetch(const struct members *m, uint32_t member);
/* Moves the entries among `slots` slots of a table into an empty one of another capacity. */
void members_refill(struct members *m, const struct member *from, uint32_t slots);

#endif
