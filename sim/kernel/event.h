/* The event: 32 bytes, whole in the calendar, in the total order (time, phase, sequence).
 *
 * offset size field
 *      0    8 at_us       when, microseconds
 *      8    8 order       phase (8 bits) << 56 | sequence (56 bits): the order within one instant
 *     16    2 kind        kinds.def
 *     18    2 owner       which column of generations the slot belongs to; 0 = none (calendar.h)
 *     20    4 slot        what it is about: a pool's slot, a place
 *     24    4 generation  of the slot when this was scheduled; the loop drops the event when the
 *                         slot has moved on
 *     28    4 arg
 */
#ifndef OMO_KERNEL_EVENT_H
#define OMO_KERNEL_EVENT_H

#include "base/core.h"

enum event_phase {
    PHASE_SYSTEM,
    PHASE_RECEIPT,
    PHASE_WORK,
    PHASE_SYNC,
    PHASE_DEMAND,
    PHASE_CHARGE,
    PHASE_REVIEW
};

enum event_kind {
#define EVENT(name, phase, text) EVENT_##name,
#include "kernel/kinds.def"
#undef EVENT
    EVENT_KIND_COUNT
};

struct event {
    int64_t at_us;
    uint64_t order;
    uint16_t kind;
    uint16_t owner;
    uint32_t slot;
    uint32_t generation;
    uint32_t arg;
};
_Static_assert(sizeof(struct event) == 32, "two events in a cache line");

#define EVENT_SEQUENCE_BITS 56

/* What an event is about: all of it but its place in time. */
struct event_about {
    uint16_t kind;
    uint16_t owner;
    uint32_t slot;
    uint32_t generation;
    uint32_t arg;
};

/* Phase of each kind. */
extern const uint8_t event_phase_of[EVENT_KIND_COUNT];

static inline bool event_before_key(int64_t at_us, uint64_t order, const struct event *b)
{
    return at_us < b->at_us || (at_us == b->at_us && order < b->order);
}

static inline struct event event_make(int64_t at_us, uint64_t order, struct event_about about)
{
    return (struct event){.at_us = at_us,
                          .order = order,
                          .kind = about.kind,
                          .owner = about.owner,
                          .slot = about.slot,
                          .generation = about.generation,
                          .arg = about.arg};
}

static inline bool event_before(const struct event *a, const struct event *b)
{
    return event_before_key(a->at_us, a->order, b);
}

#endif
