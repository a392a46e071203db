/* The calendar of pending events: a radix heap over the whole-number time, in one borrowed block.
 *
 * Owns nothing: the block of calendar_size(capacity) bytes is borrowed, and the capacity is fixed
 * between calls of calendar_move. Pushing past the capacity is a bug; the caller makes room
 * beforehand (flow/memory.c). Time never runs backwards: nothing may be scheduled before the last
 * event taken. One thread.
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
    union calendar_slot *slot;
    uint32_t count;
    uint32_t capacity;
    uint64_t sequence;
    int64_t now_us; /* time of the last event taken; nothing may be scheduled before it */
    uint64_t stale; /* events dropped because their slot had moved on */

    int64_t reference_us; /* what buckets are relative to: no pending event, nor now, is before */
    uint32_t chunk_free;  /* first of the list, OMO_NONE = none */
    uint32_t chunk_used;  /* chunks ever taken; those beyond are untouched */
    uint32_t chunk_count;
    uint32_t rows;                  /* bit r: row r holds events */
    uint64_t digits[CALENDAR_ROWS]; /* bit d: bucket d of the row holds events */
    struct calendar_bucket bucket[CALENDAR_BUCKETS];
};

/* Bytes of the block for `capacity` events: 34 an event, and up to 360 KB of which only so much is
 * touched as there are buckets in use. */
size_t calendar_size(uint32_t capacity);
/* Bytes at the front of the block that have ever been in use: what a move has to copy. */
size_t calendar_used_size(const struct calendar *c);
void calendar_init(struct calendar *c, void *block, uint32_t capacity);
/* The used front of the block now stands in another one, which is as big or bigger. */
void calendar_move(struct calendar *c, void *block, uint32_t capacity);
/* Schedules an event; at_us is not before now. */
void calendar_push(struct calendar *c, int64_t at_us, enum event_kind kind, uint32_t slot,
                   uint32_t generation, uint32_t arg);
/* The bucket of the earliest event; there is one. */
static inline uint32_t calendar_bucket_first(const struct calendar *c)
{
    uint32_t row = (uint32_t)__builtin_ctz(c->rows);

    return row * CALENDAR_DIGITS + (uint32_t)__builtin_ctzll(c->digits[row]);
}
/* Earliest event, or NULL. Valid until the next push or pop. */
static inline const struct event *calendar_peek(const struct calendar *c)
{
    if (c->count == 0)
        return NULL;
    return &c->slot[c->bucket[calendar_bucket_first(c)].first].event;
}
/* Takes the earliest event; there is one. */
struct event calendar_pop(struct calendar *c);

#endif
