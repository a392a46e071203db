/* Orders of a plan that are not yet complete, by identity. Inside of sim/traffic, for journeys*.c.
 *
 * An order is in the table from its payment to its last hand-over, or to the end of the plan where the
 * simulation has returns, if its own journey is in the plan. */
#ifndef TRAFFIC_JOURNEYS_ORDERS_H
#define TRAFFIC_JOURNEYS_ORDERS_H

#include "traffic/journeys_visit.h"

struct journeys_part { /* what one place hands over */
    uint32_t place, units, line_count;
    int64_t cents; /* paid for these units */
    /* The journey of its picking: when it starts, and its slot and turn while that waits.
     * INT64_MIN: none yet. Turn 0: it is not in the plan, or has gone to the sink. */
    int64_t pick_us;
    uint64_t pick_turn;
    uint32_t pick_slot;
};

struct journeys_order {
    uint64_t order;
    int64_t from_us; /* no clerk has heard of it before */
    uint32_t channel, part_count, line_count;
    struct journeys_part *part; /* in the same memory */
    struct journeys_line line[];
};

typedef struct journeys_orders JourneysOrders;

JourneysOrders *journeys_orders_new(void);
void journeys_orders_free(JourneysOrders *orders);
/* Enters the order of a visit, one part for each place that has promised something. */
void journeys_orders_add(JourneysOrders *orders, const struct journeys_visit *visit,
                         int64_t from_us);
/* NULL when it is not in the plan, or complete. */
struct journeys_order *journeys_orders_find(const JourneysOrders *orders, uint64_t order);
/* NULL when that place has no part in it. */
struct journeys_part *journeys_order_part(struct journeys_order *order, uint32_t place);
/* Line `i` of a part, below its line_count. */
const struct journeys_line *journeys_order_line(const struct journeys_order *order,
                                                const struct journeys_part *part, uint32_t i);
void journeys_orders_remove(JourneysOrders *orders, uint64_t order);

#endif
