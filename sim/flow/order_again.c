/* An order once more, for units that their place could not provide after all.
 *
 * The customer has paid, and stays where they were: other places are asked by the rules of an oversold
 * order (order_ask.c), and what nobody has is cancelled and refunded. What goes to another place is a
 * part of its own even where the order has one there already, for that may be picked or gone. What the
 * customer pays for the open units is shared out among those that are found and those that are not, to
 * the cent. */
#include "base/money.h"
#include "flow/order_job.h"

/* Costs of the new parts. A commission stays paid, but for what is cancelled. */
static void order_again_settle(struct order_job *j, uint32_t allocations, int64_t cancelled_cents)
{
    struct omo_world *w = j->w;
    const omo_channel_options *o = &w->model->demand.channel[j->channel].options;
    struct feed_about about = order_job_about(j, OMO_NONE);
    const struct order_detail *d = j->detail;
    uint32_t parts = d->part_count - j->first_part, lines = d->allocation_count - allocations;
    int64_t handling = (int64_t)parts * o->cost_order_cents + (int64_t)lines * o->cost_line_cents;

    if (j->goods_cents != 0)
        feed_money(&w->feed, FACT_GOODS, about, 0, j->goods_cents);
    if (o->commission_ppm != 0 && cancelled_cents != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0,
                   -money_share(cancelled_cents, o->commission_ppm));
    for (uint32_t i = j->first_part; i < d->part_count; i++)
        feed_span(&w->feed, FACT_ROUTED, order_job_about(j, d->part[i].place), d->part[i].units,
                  d->part[i].distance_mm);
    if (handling != 0)
        feed_money(&w->feed, FACT_HANDLING, about, 0, handling);
}

/* What is cancelled earns no points. */
static void order_again_points(struct order_job *j, int64_t cancelled_cents)
{
    struct order_detail *d = j->detail;

    if (cancelled_cents == 0)
        return;
    if (j->w->model->members.points_at_payment)
        points_take_back(j->w, order_job_about(j, OMO_NONE), d->member, cancelled_cents);
    else if (d->earns_cents != 0)
        d->earns_cents -= cancelled_cents;
}

void order_again(struct omo_world *w, uint32_t slot, uint32_t place,
                 struct order_line open[OMO_LINES_MAX])
{
    if (!memory_before_visit(w))
        return;
    struct order *o = &w->orders.order[slot];
    struct order_detail *d = &w->orders.detail[o->detail];
    struct customer customer = {.order = o->identity & ~ORDERS_SWITCHED,
                                .zone = o->zone,
                                .segment = o->segment,
                                .member = d->member,
                                .avoid = OMO_NONE,
                                .from_channel = OMO_FACT_NO_CHANNEL};
    struct wish wish = {.line_count = d->line_count};
    struct order_job j = {.w = w,
                          .customer = &customer,
                          .order = o->identity,
                          .channel = o->channel,
                          .wish = &wish,
                          .detail = d,
                          .line = open,
                          .first_part = d->part_count,
                          .slot = slot,
                          .near_place = OMO_NONE};
    int32_t left[OMO_LINES_MAX] = {0};
    int64_t cents = 0, missing = 0;
    uint32_t allocations = d->allocation_count;

    for (uint32_t line = 0; line < d->line_count; line++) {
        wish.sku[line] = d->line[line].sku;
        wish.quantity[line] = left[line] = open[line].quantity;
        cents += open[line].cents;
    }
    order_near(w, &customer);
    if (w->model->integration.oversold == OMO_OVERSOLD_REROUTE)
        order_ask_elsewhere(&j, place, left);
    for (uint32_t line = 0; line < d->line_count; line++)
        missing += left[line];
    for (uint32_t i = 0; i < allocations; i++) /* what the order still has decides on its fee */
        j.reserved_units += d->allocation[i].quantity;
    int64_t cancelled_cents = cents - j.net_cents;
    if (missing > 0)
        order_settle_cancel(&j, left);
    order_again_settle(&j, allocations, cancelled_cents);
    order_again_points(&j, cancelled_cents);
    o->parts_open = (uint8_t)(o->parts_open + d->part_count - j.first_part);
    uint32_t parts = d->part_count;
    for (uint32_t part = j.first_part; part < parts; part++)
        order_pick_schedule(w, slot, part);
}
