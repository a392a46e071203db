/* The money of an online order, and what follows from it.
 *
 * The customer pays for all that was promised. What nobody has is cancelled and refunded; what is
 * to follow waits for stock; the rest brings its costs and goes to the pickers. */
#include "base/money.h"
#include "flow/order_job.h"

void order_settle_pay(struct order_job *j)
{
    struct omo_world *w = j->w;
    struct order_detail *d = j->detail;
    bool in_store = w->model->demand.channel[j->channel].mode->in_store;
    struct feed_about about = order_job_about(j, in_store ? j->near_place : OMO_NONE);
    int64_t list = 0, before = 0, cut_before = 0;
    struct discount settled;

    for (uint32_t i = 0; i < j->wish->line_count; i++)
        list += j->line_cents[i];
    const struct promotion_query basket = {j->wish->line_count, j->line_cents, list, false};
    int64_t discount = order_discount(w, j->customer, j->channel, basket, &settled);
    int64_t fee = order_fee(&w->model->demand.channel[j->channel], list);
    order_discount_settle(w, j->customer, about, &settled);
    discount += member_pay(w, j->customer, about, list - discount);
    if (fee != 0)
        feed_money(&w->feed, FACT_FEE, about, 0, fee);
    order_detour_pays(w, j->customer, about, list - discount + fee);
    feed_money(&w->feed, FACT_PLACED, about, j->promised_units, list - discount + fee);
    if (w->model->demand.channel[j->channel].mode->pays_at_collection) {
        d->due_cents = list - discount + fee;
        feed_money(&w->feed, FACT_DUE, about, j->promised_units, d->due_cents);
    }
    d->line_count = j->wish->line_count;
    d->fee_cents = fee;
    for (uint32_t i = 0; i < d->line_count; i++) {
        before += j->line_cents[i];
        int64_t cut = list > 0 ? discount * before / list : 0;
        d->line[i] = (struct order_line){
            .sku = j->wish->sku[i],
            .quantity = j->promised[i],
            .cents = j->line_cents[i] - (cut - cut_before),
        };
        cut_before = cut;
    }
    if (w->model->demand.channel[j->channel].kind->in_shop)
        order_touch_aisle(w, j->customer, about, d->line, d->line_count);
}

void order_settle_cancel(struct order_job *j, const int32_t open[OMO_LINES_MAX])
{
    struct omo_world *w = j->w;
    struct feed_about about = order_job_about(j, OMO_NONE);
    int64_t refund = 0, units = 0;
    int64_t to_follow = 0;

    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        to_follow += j->to_follow[line];
        if (open[line] == 0)
            continue;
        int64_t cents = order_line_cents(&j->line[line], open[line]);
        feed_line(&w->feed, FACT_CANCELLED, about, j->wish->sku[line], open[line], cents);
        refund += cents;
        units += open[line];
    }
    if (j->reserved_units + to_follow == 0) {
        refund += j->detail->fee_cents;
        feed_none(&w->feed, FACT_FAILED, about, 1);
    }
    order_give_back(w, j->detail, about, units, refund);
    if (w->model->costs.oversold_cents != 0)
        feed_money(&w->feed, FACT_PENALTY, about, units, w->model->costs.oversold_cents * units);
    w->orders.order[j->slot].in_full = 0;
    order_churn(w, &w->orders.order[j->slot], CHURN_CANCELLED);
}

/* Backorders join their queues; what the order has no room to note joins the open units. */
static void order_settle_follow(struct order_job *j, int32_t open[OMO_LINES_MAX])
{
    struct omo_world *w = j->w;

    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        int32_t units = j->to_follow[line];
        uint32_t part = units > 0 ? order_ask_part(j, j->follow[line]) : OMO_NONE;
        if (units == 0)
            continue;
        if (part == OMO_NONE || j->detail->allocation_count == ORDERS_ALLOCATIONS_MAX) {
            open[line] += units;
            j->to_follow[line] = 0;
            continue;
        }
        uint32_t place = j->detail->part[part].place, sku = j->wish->sku[line];
        size_t position =
            network_position(&w->model->network, &w->model->network.place[place], sku);
        int64_t cents = order_line_cents(&j->line[line], units);
        j->net_cents += cents; /* the platform earns on what is sold, in stock or not */
        j->part_cents[part] += cents;
        j->detail->part[part].missing += units;
        j->detail->allocation[j->detail->allocation_count++] =
            (struct order_allocation){.line = (uint8_t)line,
                                      .part = (uint8_t)part,
                                      .quantity = units,
                                      .cents = cents};
        w->stock.backordered[position] += units;
        gauge_add(&w->tally.gauge[GAUGE_BACKORDERS], w->now_us, units);
        feed_line(&w->feed, FACT_BACKORDERED, order_job_about(j, place), sku, units, cents);
        waiting_add(&w->waiting, position,
                    (struct waiter){.identity = j->order,
                                    .since_us = w->now_us,
                                    .cents = cents,
                                    .quantity = units,
                                    .order = j->slot,
                                    .sku = sku,
                                    .part = (uint8_t)part,
                                    .channel = (uint8_t)j->channel});
        stock_changed(w, place, position, false);
    }
}

/* What the stores that fulfil the order are credited of its revenue. It moves no money of the chain:
 * it decides whose sales they are. */
static void order_settle_credit(struct order_job *j)
{
    const omo_model *m = j->w->model;
    uint32_t credit_ppm = m->demand.channel[j->channel].options.credit_ppm;

    for (uint32_t i = 0; credit_ppm != 0 && i < j->detail->part_count; i++) {
        uint32_t place = j->detail->part[i].place;
        int64_t cents = money_share(j->part_cents[i], credit_ppm);
        if (m->network.place[place].kind == OMO_PLACE_STORE && cents != 0)
            feed_money(&j->w->feed, FACT_CREDIT, order_job_about(j, place), 0, cents);
    }
}

/* What the purchase does to the member who made it. */
static void order_settle_member(struct order_job *j)
{
    struct omo_world *w = j->w;
    struct feed_about about = order_job_about(j, OMO_NONE);
    struct order_detail *d = j->detail;
    int64_t paid = j->net_cents + d->fee_cents;
    bool recognised;

    d->member = member_bought(w, j->customer, about, paid, paid - j->goods_cents, &recognised);
    d->earns_cents = recognised && !w->model->members.points_at_payment ? j->net_cents : 0;
    if (recognised && w->model->members.points_at_payment)
        points_earn(w, about, d->member, j->net_cents);
}

/* Costs that the order itself brings, and the facts about its parts. */
static void order_settle_costs(struct order_job *j)
{
    struct omo_world *w = j->w;
    const omo_channel_options *o = &w->model->demand.channel[j->channel].options;
    struct feed_about about = order_job_about(j, OMO_NONE);
    struct order_detail *d = j->detail;

    if (j->goods_cents != 0)
        feed_money(&w->feed, FACT_GOODS, about, 0, j->goods_cents);
    uint32_t commission_ppm = order_touch_commission_ppm(w, j->channel);
    if (commission_ppm != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0, money_share(j->net_cents, commission_ppm));
    order_settle_credit(j);
    for (uint32_t i = 0; i < d->part_count; i++)
        feed_span(&w->feed, FACT_ROUTED, order_job_about(j, d->part[i].place),
                  d->part[i].units + d->part[i].missing, d->part[i].distance_mm);
    if (d->part_count > 1)
        feed_none(&w->feed, FACT_SPLIT, about, d->part_count);
    int64_t handling = (int64_t)d->part_count * o->cost_order_cents +
                       (int64_t)d->allocation_count * o->cost_line_cents;
    if (handling != 0)
        feed_money(&w->feed, FACT_HANDLING, about, 0, handling);
    order_settle_member(j);
    if (j->whole && d->part_count == 1 && j->reserved_units == j->promised_units &&
        d->part[0].place == j->near_place)
        feed_none(&w->feed, FACT_COMPLETE_NEAR, order_job_about(j, d->part[0].place), 1);
    order_touch_paid(w, j->customer, about, j->net_cents);
}

void order_settle(struct order_job *j, int32_t open[OMO_LINES_MAX])
{
    struct omo_world *w = j->w;
    struct order *o = &w->orders.order[j->slot];
    int64_t cancelled = 0;

    order_settle_follow(j, open);
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        cancelled += open[line];
    if (cancelled > 0)
        order_settle_cancel(j, open);
    if (j->detail->part_count == 0) {
        pool_give(&w->orders.details, o->detail);
        pool_give(&w->orders.slots, j->slot);
        return;
    }
    order_settle_costs(j);
    o->parts_open = (uint8_t)j->detail->part_count;
    gauge_add(&w->tally.gauge[GAUGE_ORDERS_OPEN], w->now_us, 1);
    if (w->model->demand.channel[j->channel].mode->in_store)
        order_till(w, j->customer, j->detail->part[0].place, j->channel, NULL);
    /* A part that is picked at once and not found asks for more parts, which may move the detail. */
    const uint32_t parts = j->detail->part_count, detail = o->detail, slot = j->slot;
    for (uint32_t part = 0; part < parts; part++)
        if (w->orders.detail[detail].part[part].missing == 0)
            order_enter(w, slot, part);
}
