/* What waits to be fetched: parts of orders on a place's pickup shelf or in a locker's box, and
 * third parties' parcels on the same shelf.
 *
 * A pickup takes a slot of the pool when it is ready and gives it back when somebody has it or it
 * expires. A shelf with all its slots taken keeps the rest behind, first come first served. Owns
 * nothing: pool and columns are the world's.
 */
#ifndef OMO_NETWORK_PICKUPS_H
#define OMO_NETWORK_PICKUPS_H

#include "base/pool.h"

struct pickup {
    uint64_t identity; /* of the order; a third party's parcel: pickups_parcel() */
    int64_t ready_us;  /* on the shelf since */
    int64_t joined_us; /* at the counter since */
    uint32_t place;
    uint32_t order; /* slot, or OMO_NONE: a third party's parcel */
    uint8_t part;
    uint8_t channel; /* OMO_FACT_NO_CHANNEL: a third party's parcel */
    uint8_t spare[6];
};

struct shelf {
    uint32_t level;      /* slots taken */
    uint32_t back_count; /* waiting for one */
    uint32_t back_first, back_last;
};

struct pickups {
    struct pool pool;
    struct pickup *item; /* [pool.capacity] */
    uint32_t *link;      /* [pool.capacity] waiting behind a shelf, or at a counter */
    struct shelf *shelf; /* [place] */
};

/* Identity of a third party's parcel: top two bits, parcel point, ordinal. */
static inline uint64_t pickups_parcel(uint32_t point, uint32_t ordinal)
{
    return UINT64_C(3) << 62 | (uint64_t)point << 32 | ordinal;
}

static inline void pickups_wait(struct pickups *p, uint32_t place, uint32_t pickup)
{
    struct shelf *s = &p->shelf[place];

    p->link[pickup] = OMO_NONE;
    if (s->back_count++ == 0)
        s->back_first = pickup;
    else
        p->link[s->back_last] = pickup;
    s->back_last = pickup;
}

/* The first of those waiting; there is one. */
static inline uint32_t pickups_next(struct pickups *p, uint32_t place)
{
    struct shelf *s = &p->shelf[place];
    uint32_t pickup = s->back_first;

    OMO_ASSERT(s->back_count > 0);
    s->back_count--;
    s->back_first = p->link[pickup];
    return pickup;
}

#endif
