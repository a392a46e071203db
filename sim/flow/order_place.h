/* An order under way through its placing: what order_place.c and order_again.c share. */
#ifndef OMO_FLOW_ORDER_PLACE_H
#define OMO_FLOW_ORDER_PLACE_H

#include "flow/world.h"

#define ORDER_PLACE_ROUNDS 3

struct order_place_job { /* lives on the stack */
    struct omo_world *w;
    const struct customer *customer;
    uint64_t order;
    uint32_t channel;
    const struct wish *wish;
    struct candidates c;
    struct routing_answer answer;
    struct order_detail *detail;
    struct order_line *line; /* what the customer pays: the detail's, or that of the open units */
    uint32_t first_part;     /* earlier ones are other places' business */
    uint32_t slot;
    int32_t promised[OMO_LINES_MAX];
    /* backordered at the nearest candidate that stocks the line */
    int32_t to_follow[OMO_LINES_MAX];
    struct reach_near follow[OMO_LINES_MAX];
    uint32_t near_place;
    int64_t promised_units;
    int64_t reserved_units;
    int64_t goods_cents;
    int64_t net_cents;
};

static inline struct feed_about order_place_about(const struct order_place_job *j, uint32_t place)
{
    return world_about(j->order, place, j->channel);
}

/* Routes the open units again, without what no candidate shows any more. Lines that are complete take
 * part with nothing wanted, so indices stay. False when no place was asked in vain. */
bool order_place_reroute(struct order_place_job *j, uint32_t round, int32_t open[OMO_LINES_MAX]);
/* Cancels the open units and gives their money back, and the fee of an order that has nothing left. */
void order_place_cancel(struct order_place_job *j, const int32_t open[OMO_LINES_MAX]);

#endif
