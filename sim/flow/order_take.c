/* A walk-in: goods from the shelf to the till.
 *
 * Goods leave the shelf when the customer arrives, in one step with paying; the till then only
 * takes time. What is missing is lost, or follows as a backorder, or, where stock is merged and
 * the customer is willing, is ordered online on the spot (the visit becomes two orders). */
#include "base/money.h"
#include "flow/world.h"

static void order_take_backorder(struct omo_world *w, size_t position, const struct sale *s,
                                 struct feed_about about)
{
    const uint32_t sku = s->sku;
    const int32_t quantity = s->quantity;
    const int64_t cents = s->cents;

    w->stock.backordered[position] += quantity;
    gauge_add(&w->tally.gauge[GAUGE_BACKORDERS], w->now_us, quantity);
    feed_line(&w->feed, FACT_BACKORDERED, about, sku, quantity, cents);
    waiting_add(&w->waiting, position,
                (struct waiter){.identity = s->identity,
                                .since_us = w->now_us,
                                .cents = cents,
                                .quantity = quantity,
                                .order = OMO_NONE,
                                .sku = sku,
                                .channel = (uint8_t)about.channel,
                                .line = (uint8_t)s->line,
                                .first = s->first,
                                .units = quantity,
                                .paid_cents = cents});
    stock_changed(w, about.place, position, false);
}

/* The customer has just seen that this shop lacks the goods, whatever the view still shows of it. */
static void order_take_elsewhere(struct candidates *c, uint32_t place, const struct wish *wish)
{
    for (uint32_t i = 0; i < c->count; i++)
        for (uint32_t line = 0; c->place[i] == place && line < wish->line_count; line++)
            c->available[line * c->count + i] = 0;
}

/* Orders the missing goods in the online channel that shows most of them; then the lowest fee,
 * then the first. False when none shows any. */
static bool order_take_switch(struct omo_world *w, const struct customer *c,
                              const struct wish *wish, uint32_t from_channel, uint32_t place)
{
    const omo_model *m = w->model;
    const struct demand *d = &m->demand;
    struct candidates best = {.count = 0}, look;
    uint32_t best_channel = OMO_NONE;
    int64_t best_units = 0, best_fee = 0, cents = 0;

    for (uint32_t i = 0; i < wish->line_count; i++)
        cents += (int64_t)m->network.price_cents[wish->sku[i]] * wish->quantity[i];
    for (uint32_t channel = 0; channel < d->channel_count; channel++) {
        if (!d->channel[channel].kind->online || !d->channel[channel].options.enabled)
            continue;
        order_gather(w, c, channel, wish, &look);
        order_take_elsewhere(&look, place, wish);
        if (d->channel[channel].mode->path == MODE_COLLECT)
            order_gather_pickup(&look, wish);
        int64_t units = order_gather_units(&look, wish);
        int64_t fee = order_fee(&d->channel[channel], cents);
        if (units > best_units || (units == best_units && units > 0 && fee < best_fee)) {
            best = look;
            best_channel = channel;
            best_units = units;
            best_fee = fee;
        }
    }
    if (best_channel == OMO_NONE)
        return false;
    struct feed_about here = world_about(c->order, place, from_channel);
    for (uint32_t i = 0; i < wish->line_count; i++)
        feed_line(&w->feed, FACT_SWITCHED, here, wish->sku[i], wish->quantity[i],
                  (int64_t)m->network.price_cents[wish->sku[i]] * wish->quantity[i]);
    uint64_t order = c->order | ORDERS_SWITCHED;
    struct feed_about about = world_about(order, OMO_NONE, best_channel);
    for (uint32_t i = 0; i < wish->line_count; i++)
        feed_line(&w->feed, FACT_LINE, about, wish->sku[i], wish->quantity[i],
                  (int64_t)m->network.price_cents[wish->sku[i]] * wish->quantity[i]);
    order_place(w, c, order, wish, best_channel, &best);
    return true;
}

struct order_take_goods { /* what the customer carries to the till */
    uint32_t line_count;
    uint32_t line[OMO_LINES_MAX]; /* of the basket */
    uint32_t sku[OMO_LINES_MAX];
    int32_t quantity[OMO_LINES_MAX]; /* from the shelf, then to follow */
    int32_t to_follow[OMO_LINES_MAX];
    size_t position[OMO_LINES_MAX];
    int64_t line_cents[OMO_LINES_MAX]; /* list value of both */
    int64_t cents;
    int64_t units;
};

/* Money side: discount, payment, one RESERVED fact a line, cost of goods, commission. */
static void order_take_pay(struct omo_world *w, const struct customer *customer,
                           struct order_take_goods *g, uint32_t channel, uint32_t place)
{
    const omo_model *m = w->model;
    struct feed_about about = world_about(customer->order, place, channel);
    const struct promotion_query basket = {g->line_count, g->line_cents, g->cents, false};
    struct discount settled;
    int64_t discount = order_discount(w, customer, channel, basket, &settled);
    int64_t list_before = 0, cut_before = 0, goods = 0;

    order_discount_settle(w, customer, about, &settled);
    feed_money(&w->feed, FACT_PLACED, about, g->units, g->cents - discount);
    for (uint32_t i = 0; i < g->line_count; i++) {
        list_before += g->line_cents[i];
        int64_t cut = g->cents > 0 ? discount * list_before / g->cents : 0;
        struct order_line line = {.quantity = g->quantity[i] + g->to_follow[i],
                                  .cents = g->line_cents[i] - (cut - cut_before)};
        cut_before = cut;
        struct sale sale = {.identity = customer->order,
                            .place = place,
                            .channel = channel,
                            .line = g->line[i],
                            .sku = g->sku[i],
                            .quantity = g->quantity[i]};
        if (g->quantity[i] > 0) {
            sale.cents = order_line_cents(&line, g->quantity[i]);
            feed_line(&w->feed, FACT_RESERVED, about, g->sku[i], g->quantity[i], sale.cents);
            goods += (int64_t)m->network.cost_cents[g->sku[i]] * g->quantity[i];
            order_return_sold(w, &sale);
        }
        if (g->to_follow[i] > 0) {
            sale.first = (uint32_t)g->quantity[i];
            sale.quantity = g->to_follow[i];
            sale.cents = order_line_cents(&line, g->to_follow[i]);
            order_take_backorder(w, g->position[i], &sale, about);
        }
    }
    if (goods != 0)
        feed_money(&w->feed, FACT_GOODS, about, 0, goods);
    uint32_t commission_ppm = m->demand.channel[channel].options.commission_ppm;
    if (commission_ppm != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0,
                   money_share(g->cents - discount, commission_ppm));
}

void order_take(struct omo_world *w, const struct customer *customer, const struct basket *basket,
                uint32_t channel, uint32_t place)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[place];
    struct feed_about about = world_about(customer->order, place, channel);
    struct order_take_goods g;
    struct wish missing;
    uint32_t switch_ppm = m->integration.inventory == OMO_MERGED
                              ? m->demand.segment[customer->segment].switch_ppm
                              : 0;

    g.line_count = missing.line_count = 0;
    g.cents = g.units = 0;
    for (uint32_t i = 0; i < basket->line_count; i++) {
        uint32_t sku = basket->sku[i];
        int32_t wanted = basket->quantity[i];
        size_t position = network_position(&m->network, p, sku);
        int32_t taken =
            position == SIZE_MAX ? 0 : core_min_i32(wanted, w->stock.available[position]);
        bool backorder = m->shortage == OMO_SHORTAGE_BACKORDER && position != SIZE_MAX;
        int32_t lacking = wanted - taken;
        if (taken > 0) {
            bool last = stock_take(&w->stock, place, position, taken, STOCK_SHOP);
            stock_changed(w, place, position, last);
        }
        if (lacking > 0 && !backorder) {
            uint32_t k = missing.line_count++;
            missing.sku[k] = sku;
            missing.quantity[k] = lacking;
        }
        if (taken == 0 && !backorder)
            continue;
        uint32_t k = g.line_count++;
        g.line[k] = i;
        g.sku[k] = sku;
        g.quantity[k] = taken;
        g.to_follow[k] = backorder ? lacking : 0;
        g.position[k] = position;
        g.line_cents[k] = price_now(w, sku) * (taken + g.to_follow[k]);
        g.cents += g.line_cents[k];
        g.units += taken + g.to_follow[k];
    }
    if (g.line_count != 0) {
        order_take_pay(w, customer, &g, channel, place);
        order_till(w, customer->order, place, channel);
    }
    if (missing.line_count == 0)
        return;
    struct draw_cursor cursor;
    draw_begin(&cursor, w->key, DRAW_SHORTAGE, customer->order, 0);
    if (switch_ppm != 0 && draw_share(&cursor, switch_ppm) &&
        order_take_switch(w, customer, &missing, channel, place))
        return;
    for (uint32_t i = 0; i < missing.line_count; i++) {
        int64_t value = (int64_t)m->network.price_cents[missing.sku[i]] * missing.quantity[i];
        feed_line(&w->feed, FACT_LOST, about, missing.sku[i], missing.quantity[i], value);
        if (m->costs.lost_cents != 0)
            feed_money(&w->feed, FACT_PENALTY, about, 0, m->costs.lost_cents * missing.quantity[i]);
    }
}

/* ---- the till -------------------------------------------------------------------------------- */

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

void order_till(struct omo_world *w, uint64_t identity, uint32_t place, uint32_t channel)
{
    uint32_t index = place * OMO_ROLE_COUNT + OMO_ROLE_TILL;

    if (w->model->network.station[index].servers == 0)
        return;
    uint32_t slot = pool_take(&w->orders.slots);
    w->orders.order[slot] = (struct order){
        .identity = identity,
        .placed_us = w->now_us,
        .joined_us = w->now_us,
        .place = place,
        .detail = OMO_NONE,
        .channel = (uint8_t)channel,
    };
    if (labour_join(&w->station[index], slot, w->orders.till_link, &w->labour_gauges[OMO_ROLE_TILL],
                    w->now_us))
        order_till_start(w, slot);
}

int64_t order_till_wait_us(const struct omo_world *w, uint32_t place)
{
    uint32_t index = place * OMO_ROLE_COUNT + OMO_ROLE_TILL;
    const struct labour *s = &w->station[index];

    if (s->servers == 0 || s->busy < s->servers)
        return 0;
    return ((int64_t)s->queue_count + 1) * w->model->network.station[index].mean_us / s->servers;
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
        order_till_start(w, next);
}
