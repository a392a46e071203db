/* The calendar of pending events: a few sorted ones in front of a radix heap over the whole-number
 * time, in one borrowed block.
 *
 * Owns nothing: the block of calendar_size(capacity) bytes is borrowed, and the capacity is fixed
 * between calls of calendar_move. Pushing past the capacity is a bug; the caller makes room
 * beforehand (flow/memory.c). Time never runs backwards: nothing may be scheduled before the last
 * event taken. One thread.
 *
 * An event may be cancelled by raising the generation of the slot that it is about. Whoever wants
 * that registers the column of generations as an owner and takes events with calendar_take, which
 * drops those whose slot has moved on; calendar_cancelled, called once for each event cancelled,
 * sweeps them out when they are more than half of what is pending, so that they hold no room.
 *
 * The block is an array of chunks of CALENDAR_SLOTS slots, 32 bytes each (aligned to 64, a chunk is
 * eight cache lines):
 *
 * slot   size  meaning
 *    0      4  number of the chunk that follows in its bucket, or in the list of free chunks
 *    0     28  unused
 * 1..15    32  events, in the order in which they were filed
 */
#ifndef OMO_KERNEL_CALENDAR_H
#define OMO_KERNEL_CALENDAR_H

#include "kernel/event.h"

#define CALENDAR_SLOTS 16
#define CALENDAR_DIGIT_BITS 6
#define CALENDAR_DIGITS (1 << CALENDAR_DIGIT_BITS)
/* Row 0 is the instant of reference_us, one bucket a phase; row r > 0 holds the times whose highest
 * digit that differs from reference_us is the (r - 1)th, one bucket a value of that digit. */
#define CALENDAR_ROWS (1 + (63 + CALENDAR_DIGIT_BITS - 1) / CALENDAR_DIGIT_BITS)
#define CALENDAR_BUCKETS (CALENDAR_ROWS * CALENDAR_DIGITS)
#define CALENDAR_NEAR 16  /* events kept sorted in front */
#define CALENDAR_OWNERS 4 /* columns of generations, the first of them none */

union calendar_slot {
    struct event event;
    uint32_t chunk_next;
};
_Static_assert(sizeof(union calendar_slot) == sizeof(struct event), "a link is no bigger");

/* A chain of chunks. Slots have numbers: that of the chunk x CALENDAR_SLOTS + place in it. */
struct calendar_bucket {
    uint32_t head; /* the event filed first */
    uint32_t tail; /* one past the event filed last; multiple of CALENDAR_SLOTS: no room there */
    uint32_t count;
    uint32_t first; /* the earliest event; its time and order follow */
    int64_t first_us;
    uint64_t first_order;
};

struct calendar {
    /* The earliest events, sorted, at [near_first, near_end); none in the block is before them. */
    struct event near[CALENDAR_NEAR];
    uint32_t near_first, near_end;
    uint32_t count; /* in front and in the block */
    uint32_t capacity;
    uint64_t sequence;
    int64_t now_us;     /* time of the last event taken; nothing may be scheduled before it */
    uint64_t stale;     /* events dropped because their slot had moved on */
    uint32_t cancelled; /* of those pending, as far as calendar_cancelled was told */

    union calendar_slot *slot;
    const uint32_t *owner[CALENDAR_OWNERS]; /* [slot] generations; borrowed */
    int64_t reference_us; /* what buckets are relative to: no event in the block is before it */
    uint32_t chunk_free;  /* first of the list, OMO_NONE = none */
    uint32_t chunk_used;  /* chunks ever taken; those beyond are untouched */
    uint32_t chunk_count;
    uint32_t rows;                  /* bit r: row r holds events */
    uint64_t digits[CALENDAR_ROWS]; /* bit d: bucket d of the row holds events */
    struct calendar_bucket bucket[CALENDAR_BUCKETS];
};

/* Bytes of the block for `capacity` events: 34 an event, and up to 700 KB of which only so much is
 * touched as there are buckets in use. */
size_t calendar_size(uint32_t capacity);
/* Bytes at the front of the block that have ever been in use: what a move has to copy. */
size_t calendar_used_size(const struct calendar *c);
void calendar_init(struct calendar *c, void *block, uint32_t capacity);
/* The used front of the block now stands in another one, which is as big or bigger. */
void calendar_move(struct calendar *c, void *block, uint32_t capacity);
/* One event of those about an owner's slots was cancelled: its generation there has been raised. */
void calendar_cancelled(struct calendar *c);
/* Drops every event whose slot has moved on. O(pending). */
void calendar_sweep(struct calendar *c);

/* The parts of push and pop that are not inline. */
void calendar_file(struct calendar *c, bool is_near, int64_t at_us, uint64_t order,
                   struct event_about about);
void calendar_refill(struct calendar *c);

/* Schedules an event; at_us is not before now. */
static inline void calendar_push(struct calendar *c, int64_t at_us, uint32_t phase,
                                 struct event_about about)
{
    OMO_ASSERT(at_us >= c->now_us);
    OMO_ASSERT(c->count < c->capacity);
    uint64_t order = (uint64_t)phase << EVENT_SEQUENCE_BITS | c->sequence++;
    uint32_t first = c->near_first, end = c->near_end, i = first;
    struct event *near = c->near;

    bool is_near = (end - first == c->count && end - first < CALENDAR_NEAR) ||
                   (end != first && event_before_key(at_us, order, &near[end - 1]));
    c->count++;
    if (!is_near || first == 0) {
        calendar_file(c, is_near, at_us, order, about);
        return;
    }
    /* The usual case: those before it move down by one. */
    for (; i < end && !event_before_key(at_us, order, &near[i]); i++)
        near[i - 1] = near[i];
    near[i - 1] = event_make(at_us, order, about);
    c->near_first = first - 1;
}

/* The bucket of the earliest event in the block; there is one. */
static inline uint32_t calendar_bucket_first(const struct calendar *c)
{
    uint32_t row = (uint32_t)__builtin_ctz(c->rows);

    return row * CALENDAR_DIGITS + (uint32_t)__builtin_ctzll(c->digits[row]);
}

/* Earliest event, or NULL. Valid until the next push or pop. */
static inline const struct event *calendar_peek(const struct calendar *c)
{
    if (c->near_first != c->near_end)
        return &c->near[c->near_first];
    if (c->count == 0)
        return NULL;
    return &c->slot[c->bucket[calendar_bucket_first(c)].first].event;
}

/* Earliest event, fetched into the front; there is one. It has to be dropped before anything is
 * pushed: until then the reference may be past now. */
static inline const struct event *calendar_top(struct calendar *c)
{
    if (c->near_first == c->near_end)
        calendar_refill(c);
    return &c->near[c->near_first];
}

/* Takes the event that calendar_top has shown. */
static inline void calendar_drop(struct calendar *c)
{
    c->count--;
    c->now_us = c->near[c->near_first++].at_us;
}

/* Takes the earliest event; there is one. */
static inline struct event calendar_pop(struct calendar *c)
{
    OMO_ASSERT(c->count != 0);
    struct event e = *calendar_top(c);
    calendar_drop(c);
    return e;
}

/* Whether the slot that an event is about has moved on since it was scheduled. */
static inline bool calendar_is_stale(const struct calendar *c, const struct event *e)
{
    return e->owner != 0 && c->owner[e->owner][e->slot] != e->generation;
}

#endif
