/* From the gathered facts of a visit to its journey.
 *
 * Who makes it and, of someone who leaves with nothing, what was wanted, is asked of the world,
 * which draws it anew from the order's identity: so it is the member who holds the coupon that is
 * redeemed here. Customers who are nobody's member have an account of their cell's all the same,
 * when they buy online.
 *
 * Which channel somebody who leaves with nothing has looked into is not known: he is taken to have
 * used each channel of his segment with the same chance, and is traced when that was an online one.
 */
#include "traffic/journeys_private.h"

#define CELL_SHIFT 44
#define CELL_MASK ((UINT64_C(1) << 19) - 1)

/* Which account it is to a service: of a member the pseudonym. */
static uint64_t visit_member(const Journeys *j, const struct journeys_visit *v)
{
    const uint64_t cell = v->order >> CELL_SHIFT & CELL_MASK;
    omo_visitor visitor;

    if (omo_world_visitor(j->world, v->order, &visitor) && visitor.member != UINT32_MAX)
        return (uint64_t)omo_world_pseudonym(j->world, visitor.member) + 1;
    omo_draws draws =
        journeys_draws(&j->options, JOURNEYS_DRAW_ACCOUNT, v->order & ~JOURNEYS_SWITCHED, 0);
    return (cell + 1) << 32 |
           (journeys_draw_below(&draws, MAX(1, j->options.habits.accounts_per_cell)) + 1);
}

/* Someone who has left with nothing: what was wanted, and the channel; false: nobody online. */
static bool visit_look(const Journeys *j, struct journeys_visit *v)
{
    uint32_t offered[OMO_CHANNELS_MAX], count = 0;
    omo_visitor visitor;

    if (!omo_world_visitor(j->world, v->order, &visitor))
        return false;
    for (uint32_t i = 0; i < omo_model_channel_count(j->model); i++)
        if (omo_model_segment_offers(j->model, visitor.segment, i))
            offered[count++] = i;
    omo_draws channel = journeys_draws(&j->options, JOURNEYS_DRAW_CHANNEL, v->order, 0);
    omo_draws looking = journeys_draws(&j->options, JOURNEYS_DRAW_LOOKING, v->order, 0);
    if (count == 0 || !journeys_draw_share(&looking, j->options.habits.looking_ppm))
        return false;
    v->channel = offered[journeys_draw_below(&channel, count)];
    for (v->line_count = 0; v->line_count < visitor.line_count; v->line_count++)
        v->line[v->line_count] = (struct journeys_line){
            .sku = visitor.sku[v->line_count],
            .quantity = visitor.quantity[v->line_count],
            .cents = visitor.cents[v->line_count],
        };
    return j->online[v->channel];
}

static bool visit_passes_place(const Journeys *j, const struct journeys_visit *v)
{
    bool passes = journeys_passes_place(&j->options, v->place);

    for (uint32_t i = 0; i < v->taken_count && !passes; i++)
        passes = journeys_passes_place(&j->options, v->taken[i].place);
    return passes;
}

/* The journey of a visit goes to the queue; it has `steps`, which are laid. */
static void keep_visit(Journeys *j, enum journeys_kind kind, const struct journeys_laying *steps)
{
    const struct journeys_visit *v = &j->visit;
    const omo_plan_journey head = {.at_us = steps->step[0].at_us,
                                   .member = v->member,
                                   .order = kind == JOURNEYS_LOOK ? 0 : v->order,
                                   .place = v->place,
                                   .channel = (uint8_t)v->channel};
    const uint32_t slot = journeys_queue_add(&j->queue, kind, &head);

    for (uint32_t i = 0; i < steps->count; i++)
        *journeys_queue_step(&j->queue, slot, steps->step[i].kind, 0) = steps->step[i];
    j->counts.channel[v->channel]++;
    if (kind == JOURNEYS_ORDER && j->options.clerks && !v->failed && !v->cancelled)
        journeys_orders_add(j->orders, v, v->paid_us + j->options.habits.notice_us);
}

void journeys_close_visit(Journeys *j)
{
    struct journeys_visit *v = &j->visit;

    if ((v->left ? !visit_look(j, v) : v->line_count == 0) || !j->options.channel[v->channel])
        return;
    const bool till = !j->online[v->channel];
    if (v->place == OMO_PLAN_NONE)
        v->place = v->taken_count > 0 ? v->taken[0].place : v->lacked_place;
    v->member = till ? 0 : visit_member(j, v);
    if (till)
        journeys_visit_lay_till(v, &j->laying);
    else
        journeys_visit_lay(v, &j->options, j->world, &j->laying);
    if (j->laying.count == 0 || !journeys_starts_inside(&j->options, j->laying.step[0].at_us) ||
        !visit_passes_place(j, v))
        return;
    keep_visit(j,
               till        ? JOURNEYS_TILL
               : v->left   ? JOURNEYS_LOOK
               : v->placed ? JOURNEYS_ORDER
                           : JOURNEYS_CART,
               &j->laying);
}
