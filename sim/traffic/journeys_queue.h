/* Journeys that wait until no earlier one can come: a heap by start, then by the order in which
 * they were begun. Inside of sim/traffic, for journeys*.c.
 *
 * A journey lives in a slot; steps can be appended while it waits. Slots and their room for steps
 * are used again, so that memory follows the most that ever waited at once. */
#ifndef TRAFFIC_JOURNEYS_QUEUE_H
#define TRAFFIC_JOURNEYS_QUEUE_H

#include "traffic/journeys.h"

#define JOURNEYS_QUEUE_NONE UINT32_MAX

struct journeys_waiting {
    omo_plan_journey head; /* step_count counts `steps` */
    enum journeys_kind kind;
    uint64_t turn; /* from 1 on; 0 = taken out, the slot is free */
    uint32_t next_free, step_room;
    omo_plan_step *steps;
};

struct journeys_queue {
    struct journeys_waiting *slot;
    uint32_t slot_count, slot_room, free;
    uint32_t *heap; /* slots */
    uint32_t count, heap_room, count_max;
    uint64_t turns;
};

void journeys_queue_init(struct journeys_queue *q);
void journeys_queue_clear(struct journeys_queue *q);
/* A journey without steps that starts at head->at_us. Returns its slot. */
uint32_t journeys_queue_add(struct journeys_queue *q, enum journeys_kind kind,
                            const omo_plan_journey *head);
/* Room for one more step, zeroed but for "none" values; borrowed until the next call. */
omo_plan_step *journeys_queue_step(struct journeys_queue *q, uint32_t slot, uint8_t kind,
                                   int64_t at_us);
/* Whether the journey that got this slot and turn is still waiting. */
static inline bool journeys_queue_holds(const struct journeys_queue *q, uint32_t slot,
                                        uint64_t turn)
{
    return turn != 0 && q->slot[slot].turn == turn;
}
/* Takes out the earliest journey if it starts before `before_us`, else NULL. Borrowed until the
 * next call. */
const struct journeys_waiting *journeys_queue_take(struct journeys_queue *q, int64_t before_us);

#endif
