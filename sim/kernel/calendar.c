/* A four-ary heap of whole events.
 *
 * Four children of 32 bytes are two cache lines, so a sift visits half the levels of a binary
 * heap for the same lines read. Arrivals never enter (they stay on the tape), so what is pending
 * are the timers of orders in flight: thousands, not millions. The hole is sifted, not swapped:
 * one write a level. Total order (time, phase, sequence) makes pops independent of the heap's
 * shape. The price: pop is O(log4 n), and at 10^6 pending a pop misses the cache on the last
 * levels. */
#include "kernel/calendar.h"

void calendar_init(struct calendar *c, struct event *heap, uint32_t capacity)
{
    *c = (struct calendar){.heap = heap, .capacity = capacity};
}

void calendar_move(struct calendar *c, struct event *heap, uint32_t capacity)
{
    OMO_ASSERT(capacity >= c->count);
    c->heap = heap;
    c->capacity = capacity;
}

void calendar_push(struct calendar *c, int64_t at_us, enum event_kind kind, uint32_t slot,
                   uint32_t generation, uint32_t arg)
{
    OMO_ASSERT(at_us >= c->now_us);
    OMO_ASSERT(c->count < c->capacity);
    struct event e = {
        .at_us = at_us,
        .order = (uint64_t)event_phase_of[kind] << EVENT_SEQUENCE_BITS | c->sequence++,
        .kind = (uint16_t)kind,
        .slot = slot,
        .generation = generation,
        .arg = arg,
    };
    uint32_t hole = c->count++;

    while (hole != 0) {
        uint32_t parent = (hole - 1) / 4;
        if (!event_before(&e, &c->heap[parent]))
            break;
        c->heap[hole] = c->heap[parent];
        hole = parent;
    }
    c->heap[hole] = e;
}

struct event calendar_pop(struct calendar *c)
{
    OMO_ASSERT(c->count != 0);
    struct event top = c->heap[0];
    struct event last = c->heap[--c->count];
    uint32_t count = c->count;
    uint32_t hole = 0;

    for (;;) {
        uint32_t child = 4 * hole + 1;
        if (child >= count)
            break;
        uint32_t end = core_min_u32(child + 4, count);
        uint32_t best = child;
        for (uint32_t i = child + 1; i < end; i++)
            if (event_before(&c->heap[i], &c->heap[best]))
                best = i;
        if (!event_before(&c->heap[best], &last))
            break;
        c->heap[hole] = c->heap[best];
        hole = best;
    }
    c->heap[hole] = last;
    c->now_us = top.at_us;
    return top;
}
