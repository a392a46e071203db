/* The calendar of pending events: a four-ary heap in one array.
 *
 * Owns nothing: the array is borrowed and its capacity is fixed between calls of calendar_move.
 * Pushing past the capacity is a bug; the caller makes room beforehand (flow/memory.c). One
 * thread.
 */
#ifndef OMO_KERNEL_CALENDAR_H
#define OMO_KERNEL_CALENDAR_H

#include "kernel/event.h"

struct calendar {
    struct event *heap;
    uint32_t count;
    uint32_t capacity;
    uint64_t sequence;
    int64_t now_us; /* time of the last event taken; nothing may be scheduled before it */
    uint64_t stale; /* events dropped because their slot had moved on */
};

void calendar_init(struct calendar *c, struct event *heap, uint32_t capacity);
/* The events now stand in a bigger array. */
void calendar_move(struct calendar *c, struct event *heap, uint32_t capacity);
/* Schedules an event; at_us is not before now. */
void calendar_push(struct calendar *c, int64_t at_us, enum event_kind kind, uint32_t slot,
                   uint32_t generation, uint32_t arg);
/* Earliest event, or NULL. */
static inline const struct event *calendar_peek(const struct calendar *c)
{
    return c->count != 0 ? c->heap : NULL;
}
/* Takes the earliest event; there is one. */
struct event calendar_pop(struct calendar *c);

#endif
