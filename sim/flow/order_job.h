/* An online order on its way from the choice to the picker: what order_place.c, order_ask.c,
 * order_settle.c and order_hold.c hand to each other. Lives on the stack of one event. */
#ifndef OMO_FLOW_ORDER_JOB_H
#define OMO_FLOW_ORDER_JOB_H

#include "flow/member.h"

struct order_job {
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
    int64_t line_cents[OMO_LINES_MAX]; /* of what is promised, before discounts */
    /* backordered at the nearest candidate that stocks the line */
    int32_t to_follow[OMO_LINES_MAX];
    struct reach_near follow[OMO_LINES_MAX];
    uint32_t near_place;
    bool whole;                      /* all that was wanted is promised */
    bool held;                       /* units are held now and paid for later */
    int32_t oversold[OMO_LINES_MAX]; /* while held: to be counted with the payment */
    uint32_t oversold_place[OMO_LINES_MAX];
    int64_t promised_units;
    int64_t reserved_units;
    int64_t goods_cents;
    int64_t net_cents;
    int64_t part_cents[ORDERS_PARTS_MAX]; /* net, in stock or not */
    /* places that were asked whether they take the order, and which said no */
    uint32_t asked_count, reject_count;
    uint32_t asked[ORDERS_PARTS_MAX * 2];
    bool rejected[ORDERS_PARTS_MAX * 2];
};

static inline struct feed_about order_job_about(const struct order_job *j, uint32_t place)
{
    return world_about(j->order, place, j->channel);
}

/* Units of a part are sold, from stock. */
static inline void order_job_count(struct order_job *j, uint32_t part, uint32_t sku, int32_t units,
                                   int64_t cents)
{
    j->reserved_units += units;
    j->net_cents += cents;
    j->part_cents[part] += cents;
    j->goods_cents += (int64_t)j->w->model->network.cost_cents[sku] * units;
}

/* order_ask.c: asks the places for what was promised, and others for what they lack or will not
 * take. Fills `ret_open` with the units of each line that nobody has. */
void order_ask(struct order_job *j, int32_t ret_open[OMO_LINES_MAX]);
/* The same for units that `place` could not provide after all: `open` of each line. */
void order_ask_elsewhere(struct order_job *j, uint32_t place, int32_t open[OMO_LINES_MAX]);
/* Units of a line were accepted that the place no longer had. */
void order_ask_oversold(struct order_job *j, uint32_t line, uint32_t place, int32_t units);
/* Part of the detail for a place, made when it is new; OMO_NONE when the order has no room for
 * another. */
uint32_t order_ask_part(struct order_job *j, struct reach_near at);

/* order_settle.c: discount, fee, payment; the detail's lines get what the customer pays for them. */
void order_settle_pay(struct order_job *j);
/* What nobody has: cancelled and refunded. */
void order_settle_cancel(struct order_job *j, const int32_t open[OMO_LINES_MAX]);
/* After payment and reservation: backorders, cancellation of the open units, costs, and off to the
 * pickers. Gives the slot back when there is nothing to fulfil. */
void order_settle(struct order_job *j, int32_t open[OMO_LINES_MAX]);

/* order_hold.c: the units of a job that was asked for stay held until it is paid. */
void order_hold(struct order_job *j, const int32_t open[OMO_LINES_MAX]);

#endif
