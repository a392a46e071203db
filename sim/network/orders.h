/* Orders in flight: a small slot for every one, a detail for those that are fulfilled later.
 *
 * An order's identity (cell, day, ordinal) is its name for ever; its slot is used again. A
 * walk-in needs only the slot, for the minutes at the till. An online order also takes a detail:
 * its lines, and its parts, one for each place that fulfils some of it.
 */
#ifndef OMO_NETWORK_ORDERS_H
#define OMO_NETWORK_ORDERS_H

#include "base/pool.h"
#include "network/network.h"

#define ORDERS_PARTS_MAX 8
#define ORDERS_ALLOCATIONS_MAX 32 /* (line, part) pairs; OMO_LINES_MAX and as many splits */

/* Identity: cell (20 bits) | day (22) | ordinal (22). */
#define ORDERS_CELL_BITS 20
#define ORDERS_DAY_BITS 22
#define ORDERS_ORDINAL_BITS 22
/* The online order that a walk-in makes of what the shop lacked has its visit's identity with
 * the top bit set, the one visit that follows from another its bit 62; cells use 18 bits then. Follow-ups
 * that may be many are numbered from ORDERS_DERIVED among the ordinals of their cell and day. */
#define ORDERS_SWITCHED (UINT64_C(1) << 63)
#define ORDERS_FOLLOWS (UINT64_C(1) << 62)
#define ORDERS_DERIVED (UINT32_C(1) << (ORDERS_ORDINAL_BITS - 1))

static inline uint64_t orders_identity(uint32_t cell, int64_t day, uint32_t ordinal)
{
    return (uint64_t)cell << (ORDERS_DAY_BITS + ORDERS_ORDINAL_BITS) |
           (uint64_t)day << ORDERS_ORDINAL_BITS | ordinal;
}

/* What a customer has taken in a shop; kept while one with limited patience queues at a till. */
struct carried {
    uint64_t basket;           /* identity whose draws filled it */
    uint32_t order;            /* slot of the order that waits; OMO_NONE: none, the slot is free */
    uint32_t member, prospect; /* of the customer: flow/world.h */
    uint32_t line_count;
    uint8_t cause, from_channel; /* of the visit */
    uint8_t spare[6];
    uint32_t line[OMO_LINES_MAX]; /* of the basket */
    uint32_t sku[OMO_LINES_MAX];
    uint32_t wanted[OMO_LINES_MAX];   /* in whose place it stands, or the same */
    int32_t quantity[OMO_LINES_MAX];  /* from the shelf */
    int32_t to_follow[OMO_LINES_MAX]; /* to be paid, and to come */
};

struct order {
    uint64_t identity;
    int64_t placed_us;
    int64_t joined_us; /* the till's queue */
    uint32_t place;    /* where a walk-in stands; the locker of an order that goes to one */
    uint32_t detail;   /* OMO_NONE for walk-ins */
    uint32_t zone;
    uint8_t channel;
    uint8_t segment;
    uint8_t parts_open;
    uint8_t in_full;
    uint32_t carried; /* of a customer who waits at a till with limited patience, else OMO_NONE */
    uint32_t spare;
};

struct order_line {
    uint32_t sku;
    int32_t quantity; /* promised */
    int32_t done;     /* reserved or cancelled so far */
    uint32_t spare;   /* 0: what is saved has no holes, here and below */
    int64_t cents;    /* the customer pays for `quantity` */
};

enum order_entry { /* who keys a part in by hand, until it is done */
                   ORDER_ENTRY_NONE,
                   ORDER_ENTRY_CLERK, /* somebody who does nothing else here */
                   ORDER_ENTRY_PICKER /* a picker, or the next one to be free */
};

struct order_part {
    uint32_t place;
    int32_t units;   /* reserved here */
    int32_t missing; /* backordered here */
    uint32_t mate;   /* of a courier's batch: job of the next part, and one; 0 = the last */
    uint8_t entry;   /* enum order_entry */
    uint8_t spare[7];
    int64_t distance_mm;
    int64_t joined_us; /* a station's queue */
};

struct order_allocation {
    uint8_t line;
    uint8_t part;
    uint16_t spare;
    int32_t quantity;
    int64_t cents; /* the customer pays for `quantity` */
};

struct order_detail {
    uint32_t line_count;
    uint32_t part_count;
    uint32_t allocation_count;
    uint32_t member;  /* who bought it, OMO_NONE = no member */
    int64_t from_us;  /* nothing is handed over before: its time slot begins; 0 = at any time */
    int64_t due_us;   /* the promise: late after this; 0 = none was made */
    int64_t ready_us; /* latest time that a part was handed over, or ready for pickup */
    int64_t fee_cents;
    int64_t earns_cents; /* the member's points come of that, once the order is complete */
    int64_t due_cents;   /* to be paid at collection; 0 when the order is complete */
    double lat, lon;     /* where the customer stands */
    struct order_line line[OMO_LINES_MAX];
    struct order_part part[ORDERS_PARTS_MAX];
    struct order_allocation allocation[ORDERS_ALLOCATIONS_MAX];
};

struct batch {            /* parts of a place and channel that wait for their tour */
    uint32_t first, last; /* jobs */
    uint32_t count;
    uint32_t ordinal; /* of the batch, there */
};

struct orders {
    struct pool slots;
    struct pool details;
    struct order *order; /* [slots.capacity] */
    uint32_t *till_link; /* [slots.capacity] */
    uint32_t *till_back; /* [slots.capacity] the other way */
    struct pool carrying;
    struct carried *carried;     /* [carrying.capacity] */
    struct order_detail *detail; /* [details.capacity] */
    /* [details.capacity * ORDERS_PARTS_MAX]: a part waits at one station at a time */
    uint32_t *part_link;
    uint32_t *detail_order; /* [details.capacity] slot of the order */
};

/* What the customer pays for the next `quantity` units of a line, so that all parts of a line
 * add up to its price exactly. */
static inline int64_t order_line_cents(struct order_line *line, int32_t quantity)
{
    int64_t before = line->cents * line->done / line->quantity;
    line->done += quantity;
    return line->cents * line->done / line->quantity - before;
}

/* A part as a job of its place's stations. */
static inline uint32_t orders_job(const struct order *o, uint32_t part)
{
    return o->detail * ORDERS_PARTS_MAX + part;
}

static inline struct order_part *orders_part_of(const struct orders *o, uint32_t job)
{
    return &o->detail[job / ORDERS_PARTS_MAX].part[job % ORDERS_PARTS_MAX];
}

#endif
