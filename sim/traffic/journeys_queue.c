/* The journeys that wait for their turn: a binary heap of slot numbers.
 *
 * A few thousand journeys wait at once (half an hour of a chain's online customers), each is moved
 * log2 of that many times: nothing beside what the simulation costs that led to it. The two keys
 * are read through the slot; keeping them in the heap would save a miss and cost 12 bytes. */
#include "traffic/journeys_queue.h"

#include <string.h>

void journeys_queue_init(struct journeys_queue *q)
{
    *q = (struct journeys_queue){.free = JOURNEYS_QUEUE_NONE};
}

void journeys_queue_clear(struct journeys_queue *q)
{
    for (uint32_t i = 0; i < q->slot_count; i++)
        g_free(q->slot[i].steps);
    g_free(q->slot);
    g_free(q->heap);
    journeys_queue_init(q);
}

static bool queue_before(const struct journeys_queue *q, uint32_t a, uint32_t b)
{
    const struct journeys_waiting *x = &q->slot[a], *y = &q->slot[b];

    return x->head.at_us != y->head.at_us ? x->head.at_us < y->head.at_us : x->turn < y->turn;
}

static uint32_t queue_take_slot(struct journeys_queue *q)
{
    const uint32_t slot = q->free;

    if (slot != JOURNEYS_QUEUE_NONE) {
        q->free = q->slot[slot].next_free;
        return slot;
    }
    if (q->slot_count == q->slot_room) {
        q->slot_room = MAX(64, 2 * q->slot_room);
        q->slot = g_renew(struct journeys_waiting, q->slot, q->slot_room);
    }
    q->slot[q->slot_count] = (struct journeys_waiting){.step_room = 0};
    return q->slot_count++;
}

uint32_t journeys_queue_add(struct journeys_queue *q, enum journeys_kind kind,
                            const omo_plan_journey *head)
{
    const uint32_t slot = queue_take_slot(q);
    struct journeys_waiting *w = &q->slot[slot];

    w->head = *head;
    w->head.step_count = 0;
    w->kind = kind;
    w->turn = ++q->turns;
    if (q->count == q->heap_room) {
        q->heap_room = MAX(64, 2 * q->heap_room);
        q->heap = g_renew(uint32_t, q->heap, q->heap_room);
    }
    uint32_t at = q->count++;
    for (; at > 0 && queue_before(q, slot, q->heap[(at - 1) / 2]); at = (at - 1) / 2)
        q->heap[at] = q->heap[(at - 1) / 2];
    q->heap[at] = slot;
    q->count_max = MAX(q->count_max, q->count);
    return slot;
}

omo_plan_step *journeys_queue_step(struct journeys_queue *q, uint32_t slot, uint8_t kind,
                                   int64_t at_us)
{
    struct journeys_waiting *w = &q->slot[slot];

    g_assert(w->head.step_count < OMO_PLAN_STEPS_MAX);
    if (w->head.step_count == w->step_room) {
        w->step_room = MAX(4, 2 * w->step_room);
        w->steps = g_renew(omo_plan_step, w->steps, w->step_room);
    }
    omo_plan_step *step = &w->steps[w->head.step_count++];
    *step = (omo_plan_step){.at_us = at_us,
                            .sku = OMO_PLAN_NONE,
                            .place = OMO_PLAN_NONE,
                            .coupon = OMO_PLAN_NO_COUPON,
                            .kind = kind};
    return step;
}

const struct journeys_waiting *journeys_queue_take(struct journeys_queue *q, int64_t before_us)
{
    if (q->count == 0 || q->slot[q->heap[0]].head.at_us >= before_us)
        return NULL;
    struct journeys_waiting *first = &q->slot[q->heap[0]];
    const uint32_t last = q->heap[--q->count];
    uint32_t at = 0;
    for (uint32_t child = 1; child < q->count; child = 2 * at + 1) {
        if (child + 1 < q->count && queue_before(q, q->heap[child + 1], q->heap[child]))
            child++;
        if (!queue_before(q, q->heap[child], last))
            break;
        q->heap[at] = q->heap[child];
        at = child;
    }
    if (q->count > 0)
        q->heap[at] = last;
    first->turn = 0;
    first->next_free = q->free;
    q->free = (uint32_t)(first - q->slot);
    return first;
}
