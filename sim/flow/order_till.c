/* The till: who sees its queue, who joins it, who loses patience, and how long it takes.
 *
 * Balking is decided at the door, before anything leaves a shelf: by the length of the queue, or by
 * the wait that it promises (the mean service times of those ahead, shared by the tills) against
 * one that is drawn for the customer. Reneging is a timer that starts with the wait: who is still
 * queueing then puts everything back and has bought nothing, which is why such customers pay when
 * it is their turn and not before. The queue's links are a list in both directions for tills, so that
 * somebody leaves from its middle in O(1); the timers of those who were served in time are stale by
 * the generation of what they carried. */
#include "flow/world.h"

int64_t order_till_wait_us(const struct omo_world *w, uint32_t place)
{
    uint32_t index = place * OMO_ROLE_COUNT + OMO_ROLE_TILL;
    const struct labour *s = &w->station[index];

    if (w->model->network.station[index].servers == 0 || s->busy < s->servers)
        return 0;
    /* With nobody on duty it takes at least as long as with one. */
    return ((int64_t)s->queue_count + 1) * w->model->network.station[index].mean_us /
           (s->servers != 0 ? s->servers : 1);
}

bool order_till_balks(struct omo_world *w, const struct customer *c, uint32_t place,
                      uint32_t channel, uint32_t line_count, int64_t cents)
{
    const struct segment *s = &w->model->demand.segment[c->segment];
    const struct labour *till = &w->station[place * OMO_ROLE_COUNT + OMO_ROLE_TILL];
    bool balks = s->balk_queue != 0 && till->queue_count >= s->balk_queue;

    if (!balks && !law_is_zero(&s->balk_wait)) {
        int64_t wait_us = order_till_wait_us(w, place);
        struct draw_cursor cursor;
        if (wait_us == 0)
            return false;
        draw_begin(&cursor, w->key, DRAW_BALK, c->order, OMO_ROLE_TILL);
        balks = wait_us > law_draw_us(&s->balk_wait, &cursor);
    }
    if (balks)
        feed_money(&w->feed, FACT_BALKED, world_about(c->order, place, channel), line_count, cents);
    return balks;
}

static void order_till_start(struct omo_world *w, uint32_t slot)
{
    const struct order *o = &w->orders.order[slot];
    struct feed_about about = world_about(o->identity, o->place, o->channel);
    int64_t wait_us = w->now_us - o->joined_us;
    const struct station_spec *spec =
        &w->model->network.station[o->place * OMO_ROLE_COUNT + OMO_ROLE_TILL];
    struct draw_cursor c;

    feed_span(&w->feed, FACT_TILL_START, about, wait_us > 0, wait_us);
    if (w->model->run.wait_over_us >= 0 && wait_us > w->model->run.wait_over_us)
        feed_none(&w->feed, FACT_OVER_WAIT, about, 1);
    draw_begin(&c, w->key, DRAW_SERVICE, o->identity, OMO_ROLE_TILL);
    world_schedule(w, w->now_us + law_draw_us(&spec->service, &c), EVENT_TILL_DONE, slot,
                   w->orders.slots.generation[slot], 0);
}

/* The turn of somebody who waited with the goods in their hands. */
void order_till_turn(struct omo_world *w, uint32_t slot)
{
    struct order *o = &w->orders.order[slot];

    if (o->carried != OMO_NONE) {
        const struct carried carried = w->orders.carried[o->carried];
        const struct customer c = {.order = o->identity,
                                   .basket = carried.basket,
                                   .zone = o->zone,
                                   .segment = o->segment,
                                   .member = carried.member,
                                   .prospect = carried.prospect,
                                   .avoid = OMO_NONE,
                                   .cause = (enum follow_cause)carried.cause,
                                   .from_channel = carried.from_channel};
        pool_give(&w->orders.carrying, o->carried);
        o->carried = OMO_NONE;
        if (carried.line_count != 0)
            order_take_pay(w, &c, &carried, o->channel, o->place);
    }
    order_till_start(w, slot);
}

static int64_t order_till_units(const struct carried *carried)
{
    int64_t units = 0;

    for (uint32_t i = 0; i < carried->line_count; i++)
        units += carried->quantity[i];
    return units;
}

/* Joins the queue with a timer that runs as long as the customer's patience. */
static void order_till_carry(struct omo_world *w, const struct customer *customer, uint32_t slot,
                             const struct carried *goods)
{
    const struct segment *s = &w->model->demand.segment[customer->segment];
    struct order *o = &w->orders.order[slot];
    uint32_t carried = pool_take(&w->orders.carrying);
    struct carried *to = &w->orders.carried[carried];
    struct draw_cursor c;

    *to = (struct carried){.basket = customer->basket,
                           .order = slot,
                           .member = customer->member,
                           .prospect = customer->prospect,
                           .line_count = goods != NULL ? goods->line_count : 0,
                           .cause = (uint8_t)customer->cause,
                           .from_channel = (uint8_t)customer->from_channel};
    for (uint32_t i = 0; i < to->line_count; i++) {
        to->line[i] = goods->line[i];
        to->sku[i] = goods->sku[i];
        to->wanted[i] = goods->wanted[i];
        to->quantity[i] = goods->quantity[i];
        to->to_follow[i] = goods->to_follow[i];
    }
    o->carried = carried;
    feed_none(&w->feed, FACT_QUEUED, world_about(o->identity, o->place, o->channel),
              order_till_units(to));
    draw_begin(&c, w->key, DRAW_PATIENCE, customer->order, OMO_ROLE_TILL);
    world_schedule(w, w->now_us + law_draw_us(&s->patience, &c), EVENT_RENEGE, carried,
                   w->orders.carrying.generation[carried], 0);
}

void order_till(struct omo_world *w, const struct customer *customer, uint32_t place,
                uint32_t channel, const struct carried *goods)
{
    uint32_t index = place * OMO_ROLE_COUNT + OMO_ROLE_TILL;
    struct labour *s = &w->station[index];
    /* Who has ordered in the store stays to pay for it. */
    bool patient = law_is_zero(&w->model->demand.segment[customer->segment].patience) ||
                   w->model->demand.channel[channel].mode->in_store;

    if (goods != NULL &&
        (patient || s->busy < s->servers || w->model->network.station[index].servers == 0)) {
        order_take_pay(w, customer, goods, channel, place);
        goods = NULL;
    }
    if (w->model->network.station[index].servers == 0)
        return;
    uint32_t slot = pool_take(&w->orders.slots), back = s->last[0];
    w->orders.order[slot] = (struct order){
        .identity = customer->order,
        .placed_us = w->now_us,
        .joined_us = w->now_us,
        .place = place,
        .detail = OMO_NONE,
        .zone = customer->zone,
        .channel = (uint8_t)channel,
        .segment = (uint8_t)customer->segment,
        .carried = OMO_NONE,
    };
    w->orders.till_back[slot] = back;
    if (labour_join(s, slot, w->orders.till_link, &w->labour_gauges[OMO_ROLE_TILL], w->now_us))
        order_till_start(w, slot);
    else if (!patient)
        order_till_carry(w, customer, slot, goods);
}

void order_till_done(struct omo_world *w, uint32_t slot)
{
    const struct order *o = &w->orders.order[slot];
    struct feed_about about = world_about(o->identity, o->place, o->channel);
    int64_t sojourn_us = w->now_us - o->placed_us;
    struct labour *s = &w->station[o->place * OMO_ROLE_COUNT + OMO_ROLE_TILL];

    feed_span(&w->feed, FACT_TILL_DONE, about, 1, sojourn_us);
    if (w->model->run.sojourn_over_us >= 0 && sojourn_us > w->model->run.sojourn_over_us)
        feed_none(&w->feed, FACT_OVER_SOJOURN, about, 1);
    pool_give(&w->orders.slots, slot);
    uint32_t next =
        labour_leave(s, w->orders.till_link, &w->labour_gauges[OMO_ROLE_TILL], w->now_us);
    if (next != OMO_NONE)
        order_till_turn(w, next);
}

/* What was carried goes back to its shelves. */
static void order_till_put_back(struct omo_world *w, const struct carried *carried, uint32_t place)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < carried->line_count; i++) {
        size_t position = network_position(n, &n->place[place], carried->sku[i]);
        if (carried->quantity[i] == 0)
            continue;
        stock_give_back(&w->stock, place, position, carried->quantity[i]);
        stock_arrived(w, place, position, carried->quantity[i]);
    }
}

void order_till_renege(struct omo_world *w, uint32_t index)
{
    const struct carried carried = w->orders.carried[index];
    const uint32_t slot = carried.order;
    const struct order o = w->orders.order[slot];
    struct labour *s = &w->station[o.place * OMO_ROLE_COUNT + OMO_ROLE_TILL];

    labour_quit(s, slot, w->orders.till_link, w->orders.till_back, &w->labour_gauges[OMO_ROLE_TILL],
                w->now_us);
    pool_give(&w->orders.carrying, index);
    pool_give(&w->orders.slots, slot);
    feed_span(&w->feed, FACT_RENEGED, world_about(o.identity, o.place, o.channel),
              order_till_units(&carried), w->now_us - o.joined_us);
    order_till_put_back(w, &carried, o.place);
}
