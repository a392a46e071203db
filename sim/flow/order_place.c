/* An online order: promised on what the channel sees, paid, then reserved on what is there.
 *
 * Routing runs before the customer pays: what no candidate shows is lost and never charged, or,
 * where shortages are backordered, promised to follow and charged like the rest. Only then are the
 * places asked (order_ask.c). Where payment comes after check-out the places are asked at check-out
 * and hold the units meanwhile (order_hold.c). */
#include "flow/order_job.h"

/* What the routing left over: lost, or to follow from the nearest candidate that stocks it. */
static void order_place_shortage(struct order_job *j, uint32_t line, int32_t lacking)
{
    const omo_model *m = j->w->model;
    uint32_t sku = j->wish->sku[line];
    int64_t value = (int64_t)m->network.price_cents[sku] * lacking;

    if (m->shortage == OMO_SHORTAGE_BACKORDER)
        for (uint32_t i = 0; i < j->c.count; i++)
            if (network_position(&m->network, &m->network.place[j->c.place[i]], sku) != SIZE_MAX) {
                j->to_follow[line] = lacking;
                j->follow[line] =
                    (struct reach_near){.place = j->c.place[i], .distance_mm = j->c.distance_mm[i]};
                return;
            }
    uint32_t place = j->c.count != 0 ? j->c.place[0] : OMO_NONE;
    feed_line(&j->w->feed, FACT_LOST, order_job_about(j, place), sku, lacking, value);
    if (m->costs.lost_cents != 0)
        feed_money(&j->w->feed, FACT_PENALTY, order_job_about(j, place), 0,
                   m->costs.lost_cents * lacking);
}

/* An order has room for so many parts and splits; what a policy spreads wider is left over. */
static void order_place_limit(struct order_job *j)
{
    bool used[ROUTING_PLACES_MAX] = {false};
    uint32_t parts = 0, pairs = 0;

    for (uint32_t line = 0; line < j->wish->line_count; line++)
        for (uint32_t i = 0; i < j->c.count; i++) {
            if (j->answer.quantity[line][i] == 0)
                continue;
            bool room = pairs < ORDERS_ALLOCATIONS_MAX && (used[i] || parts < ORDERS_PARTS_MAX);
            if (!room) {
                j->answer.quantity[line][i] = 0;
                continue;
            }
            parts += !used[i];
            used[i] = true;
            pairs++;
        }
}

static void order_place_promise(struct order_job *j)
{
    order_route(j->w, j->channel, j->order, j->wish, &j->c, &j->answer);
    order_place_limit(j);
    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        int32_t sum = 0;
        for (uint32_t i = 0; i < j->c.count; i++) {
            int32_t quantity = j->answer.quantity[line][i];
            OMO_ASSERT(quantity >= 0);
            OMO_ASSERT(quantity <= j->c.available[line * j->c.count + i]);
            sum += quantity;
        }
        OMO_ASSERT(sum <= j->wish->quantity[line]);
        j->to_follow[line] = 0;
        if (sum < j->wish->quantity[line])
            order_place_shortage(j, line, j->wish->quantity[line] - sum);
        j->promised[line] = sum + j->to_follow[line];
        j->promised_units += j->promised[line];
        j->whole = j->whole && j->promised[line] == j->wish->quantity[line];
    }
}

/* What the customer pays for the lines before discounts. Where the price shown is not the till's,
 * the chain honours the lower one, or charges the till's and the customer may leave: false. */
static bool order_place_price(struct order_job *j)
{
    struct omo_world *w = j->w;
    const omo_integration_options *o = &w->model->integration;
    int64_t shown_cents = 0, till_cents = 0, honoured_cents = 0;
    uint32_t mismatches = 0;

    for (uint32_t i = 0; i < j->wish->line_count; i++) {
        int64_t till = price_now(w, j->wish->sku[i]), shown = price_shown(w, j->wish->sku[i]);
        int64_t paid = o->mismatch == OMO_MISMATCH_HONOUR ? core_min_i64(till, shown) : till;
        j->line_cents[i] = paid * j->promised[i];
        shown_cents += shown * j->promised[i];
        till_cents += till * j->promised[i];
        honoured_cents += (till - paid) * j->promised[i];
        mismatches += shown != till && j->promised[i] > 0;
    }
    if (mismatches == 0)
        return true;
    struct feed_about about = order_job_about(j, OMO_NONE);
    feed_money(&w->feed, FACT_PRICE_MISMATCH, about, mismatches, honoured_cents);
    if (o->mismatch == OMO_MISMATCH_HONOUR || till_cents <= shown_cents)
        return true;
    struct draw_cursor c;
    draw_begin(&c, w->key, DRAW_MISMATCH, j->order, 0);
    if (!draw_share(&c, o->mismatch_leave_ppm))
        return true;
    feed_money(&w->feed, FACT_WALKED, about, j->promised_units, shown_cents);
    return false;
}

/* What the customer was promised: the channel's time, or the slot they chose, which is taken now. */
static void order_place_due(struct order_job *j)
{
    const struct channel *channel = &j->w->model->demand.channel[j->channel];
    int64_t promise_us = channel->options.promise_us, slot = j->c.slot;

    j->detail->from_us = 0;
    j->detail->due_us = promise_us != 0 ? j->w->now_us + promise_us : 0;
    if (slot == ORDER_SLOT_NONE)
        return;
    j->detail->from_us = order_slot_begin_us(channel, slot);
    j->detail->due_us = j->detail->from_us + channel->options.slot_us;
    order_slot_book(j->w, channel, j->near_place, slot);
}

static void order_place_slot(struct order_job *j)
{
    struct omo_world *w = j->w;
    uint32_t detail = 0;

    j->slot = pool_take(&w->orders.slots);
    detail = pool_take(&w->orders.details);
    j->detail = &w->orders.detail[detail];
    j->detail->part_count = j->detail->allocation_count = 0;
    j->line = j->detail->line;
    j->detail->ready_us = w->now_us;
    j->detail->member = j->customer->member;
    j->detail->due_cents = 0;
    j->detail->lat = j->customer->lat;
    j->detail->lon = j->customer->lon;
    order_churn_may(w, j->customer->segment, j->customer->member);
    order_place_due(j);
    w->orders.detail_order[detail] = j->slot;
    w->orders.order[j->slot] = (struct order){
        .identity = j->order,
        .placed_us = w->now_us,
        .place = j->c.locker,
        .detail = detail,
        .zone = j->customer->zone,
        .channel = (uint8_t)j->channel,
        .segment = (uint8_t)j->customer->segment,
        .in_full = 1,
    };
}

void order_place(struct omo_world *w, const struct customer *customer, uint64_t order,
                 const struct wish *wish, uint32_t channel, const struct candidates *candidates)
{
    struct order_job j = {.w = w,
                          .customer = customer,
                          .order = order,
                          .channel = channel,
                          .wish = wish,
                          .whole = true,
                          .held = channel_holds(&w->model->demand.channel[channel].options) &&
                                  !w->model->demand.channel[channel].mode->in_store};
    int32_t open[OMO_LINES_MAX] = {0};

    j.c = *candidates;
    j.near_place = candidates->count != 0 ? candidates->place[0] : OMO_NONE;
    order_place_promise(&j);
    if (j.promised_units == 0 || !order_place_price(&j))
        return;
    order_place_slot(&j);
    if (!j.held)
        order_settle_pay(&j);
    order_ask(&j, open);
    if (j.held)
        order_hold(&j, open);
    else
        order_settle(&j, open);
}
