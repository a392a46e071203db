/* Tasks of clerks: picking, handing over, returns.
 *
 * A pick is open until it is confirmed; one that takes longer than JOURNEYS_SPAN_US is let go and
 * its confirmation becomes a journey of its own. That is decided by the two times alone, so that a
 * plan does not depend on when the queue was emptied. A part that is picked in no time, where there
 * are no pickers, has its list and its confirmation at once.
 *
 * An idle picker begins in the moment of the payment. In life a message is on its way meanwhile, and
 * a service that is asked for the list in the same moment has not yet heard of the order: no step
 * stands earlier than a notice time after the payment. All of an order's steps have the same
 * earliest time, so their order is that of the facts.
 */
#include "traffic/journeys_private.h"

#include "traffic/steps.h"

/* Begins a clerk's journey at the time of a fact; *ret_turn is 0 when a filter holds it back. */
static uint32_t begin_task(Journeys *j, enum journeys_kind kind, const struct journeys_order *o,
                           const struct journeys_part *part, int64_t at_us, uint64_t *ret_turn)
{
    const omo_plan_journey head = {.at_us = at_us,
                                   .order = o->order,
                                   .place = part->place,
                                   .channel = (uint8_t)o->channel};

    *ret_turn = 0;
    if (!journeys_starts_inside(&j->options, at_us) ||
        !journeys_passes_place(&j->options, part->place))
        return JOURNEYS_QUEUE_NONE;
    const uint32_t slot = journeys_queue_add(&j->queue, kind, &head);
    *ret_turn = j->queue.slot[slot].turn;
    return slot;
}

/* Appends a step about a part to a journey that waits; NULL when there is none. */
static omo_plan_step *add_task_step(Journeys *j, uint32_t slot, uint64_t turn, enum step_kind kind,
                                    const struct journeys_part *part, int64_t at_us)
{
    if (!journeys_queue_holds(&j->queue, slot, turn))
        return NULL;
    omo_plan_step *step = journeys_queue_step(&j->queue, slot, (uint8_t)kind, at_us);
    step->place = part->place;
    step->quantity = (uint16_t)MIN(part->units, UINT16_MAX);
    step->amount = part->cents;
    return step;
}

/* A step of picking: goes on with the part's journey, or begins it. */
static void pick_step(Journeys *j, const struct journeys_order *o, struct journeys_part *part,
                      enum step_kind kind, int64_t at_us)
{
    const bool first = part->pick_us == INT64_MIN;

    if (first || at_us - part->pick_us > JOURNEYS_SPAN_US) {
        part->pick_us = at_us;
        part->pick_slot = begin_task(j, JOURNEYS_PICK, o, part, at_us, &part->pick_turn);
    }
    if (first && kind != STEP_pick_list) /* picked in no time */
        add_task_step(j, part->pick_slot, part->pick_turn, STEP_pick_list, part, at_us);
    add_task_step(j, part->pick_slot, part->pick_turn, kind, part, at_us);
}

/* A journey of one step; NULL when the filters hold it back. */
static omo_plan_step *single_task(Journeys *j, enum journeys_kind journey, enum step_kind kind,
                                  const struct journeys_order *o, const struct journeys_part *part,
                                  int64_t at_us)
{
    uint64_t turn;
    const uint32_t slot = begin_task(j, journey, o, part, at_us, &turn);

    return add_task_step(j, slot, turn, kind, part, at_us);
}

/* One line of a part may be brought back. */
static void return_line(Journeys *j, const struct journeys_order *o,
                        const struct journeys_part *part, int64_t at_us)
{
    omo_draws draws =
        journeys_draws(&j->options, JOURNEYS_DRAW_RETURN, o->order, (uint32_t)(part - o->part));

    if (!journeys_draw_share(&draws, j->options.habits.return_ppm))
        return;
    const struct journeys_line *line =
        journeys_order_line(o, part, journeys_draw_below(&draws, part->line_count));
    const int64_t after_us =
        journeys_draw_us(&draws, &j->options.habits.return_after, INT64_MAX - at_us);
    omo_plan_step *step =
        single_task(j, JOURNEYS_RETURN, STEP_take_back, o, part, at_us + after_us);
    if (step != NULL) {
        step->sku = line->sku;
        step->quantity = (uint16_t)MIN(line->quantity, UINT16_MAX);
        step->amount = line->cents;
    }
}

/* Units of a line have come back, to whatever place. */
static void returned_line(Journeys *j, const struct journeys_order *o, const omo_fact *fact)
{
    const struct journeys_part part = {.place = fact->place,
                                       .units = omo_fact_quantity(fact),
                                       .cents = omo_fact_line_cents(fact)};
    omo_plan_step *step = single_task(j, JOURNEYS_RETURN, STEP_take_back, o, &part, fact->at_us);

    if (step != NULL)
        step->sku = omo_fact_sku(fact);
}

void journeys_read_task(Journeys *j, enum journeys_mark mark, const omo_fact *fact)
{
    struct journeys_order *o = journeys_orders_find(j->orders, fact->order);

    if (o != NULL && mark == JOURNEYS_MARK_RETURNED) {
        returned_line(j, o, fact);
        return;
    }
    struct journeys_part *part = o != NULL ? journeys_order_part(o, fact->place) : NULL;
    /* What may come back is kept to the end. */
    if (o != NULL && mark == JOURNEYS_MARK_CLOSED && !j->returns)
        journeys_orders_remove(j->orders, fact->order);
    if (part == NULL) /* CLOSED names no place */
        return;
    const int64_t at_us = MAX(fact->at_us, o->from_us);
    if (mark == JOURNEYS_MARK_PICK_START)
        pick_step(j, o, part, STEP_pick_list, at_us);
    else if (mark == JOURNEYS_MARK_PICKED)
        pick_step(j, o, part, STEP_pick_confirm, at_us);
    else if (mark == JOURNEYS_MARK_READY)
        pick_step(j, o, part, STEP_ready, at_us);
    else if (mark == JOURNEYS_MARK_COLLECTED)
        single_task(j, JOURNEYS_COLLECT, STEP_collect, o, part, at_us);
    else if (mark == JOURNEYS_MARK_DELIVERED)
        single_task(j, JOURNEYS_DELIVER, STEP_deliver, o, part, at_us);
    if (!j->returns && (mark == JOURNEYS_MARK_COLLECTED || mark == JOURNEYS_MARK_DELIVERED))
        return_line(j, o, part, at_us);
}
