/* A walk-in: goods from the shelf to the till.
 *
 * Goods leave the shelf when the customer arrives, in one step with paying; the till then only
 * takes time. Customers who may lose patience carry them to the till and pay when it is their turn
 * (order_till.c). What is missing is lost, or follows as a backorder, or is what the customer makes
 * of it (order_shortage.c). */
#include "base/money.h"
#include "flow/world.h"

static void order_take_backorder(struct omo_world *w, uint64_t identity, size_t position,
                                 uint32_t sku, int32_t quantity, int64_t cents,
                                 struct feed_about about)
{
    w->stock.backordered[position] += quantity;
    gauge_add(&w->tally.gauge[GAUGE_BACKORDERS], w->now_us, quantity);
    feed_line(&w->feed, FACT_BACKORDERED, about, sku, quantity, cents);
    waiting_add(&w->waiting, position,
                (struct waiter){.identity = identity,
                                .since_us = w->now_us,
                                .cents = cents,
                                .quantity = quantity,
                                .order = OMO_NONE,
                                .sku = sku,
                                .channel = (uint8_t)about.channel});
    stock_changed(w, about.place, position, false);
}

struct order_take_goods { /* what the customer carries to the till */
    uint32_t line_count;
    uint32_t sku[OMO_LINES_MAX];
    uint32_t wanted[OMO_LINES_MAX];  /* SKU that the customer came for: another one where it stands
                                        in its place */
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
    order_detour_pays(w, customer, about, g->cents - discount);
    feed_money(&w->feed, FACT_PLACED, about, g->units, g->cents - discount);
    for (uint32_t i = 0; i < g->line_count; i++) {
        list_before += g->line_cents[i];
        int64_t cut = g->cents > 0 ? discount * list_before / g->cents : 0;
        struct order_line line = {.quantity = g->quantity[i] + g->to_follow[i],
                                  .cents = g->line_cents[i] - (cut - cut_before)};
        cut_before = cut;
        if (g->wanted[i] != g->sku[i])
            feed_line(&w->feed, FACT_SUBSTITUTED, about, g->wanted[i], g->quantity[i],
                      (int64_t)m->network.price_cents[g->wanted[i]] * g->quantity[i]);
        if (g->quantity[i] > 0) {
            int64_t cents = order_line_cents(&line, g->quantity[i]);
            feed_line(&w->feed, FACT_RESERVED, about, g->sku[i], g->quantity[i], cents);
            goods += (int64_t)m->network.cost_cents[g->sku[i]] * g->quantity[i];
        }
        if (g->to_follow[i] > 0)
            order_take_backorder(w, customer->order, g->position[i], g->sku[i], g->to_follow[i],
                                 order_line_cents(&line, g->to_follow[i]), about);
    }
    if (goods != 0)
        feed_money(&w->feed, FACT_GOODS, about, 0, goods);
    uint32_t commission_ppm = m->demand.channel[channel].options.commission_ppm;
    if (commission_ppm != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0,
                   money_share(g->cents - discount, commission_ppm));
}

/* Puts a line into the customer's hands: so many from the shelf, so many to follow. */
static void order_take_add(const struct omo_world *w, struct order_take_goods *g, uint32_t wanted,
                           uint32_t sku, size_t position, int32_t quantity, int32_t to_follow)
{
    uint32_t k = g->line_count++;

    OMO_ASSERT(k < OMO_LINES_MAX);
    g->sku[k] = sku;
    g->wanted[k] = wanted;
    g->quantity[k] = quantity;
    g->to_follow[k] = to_follow;
    g->position[k] = position;
    g->line_cents[k] = (int64_t)w->model->network.price_cents[sku] * (quantity + to_follow);
    g->cents += g->line_cents[k];
    g->units += quantity + to_follow;
}

static void order_take_shelf(struct omo_world *w, uint32_t place, size_t position, int32_t units)
{
    bool last = stock_take(&w->stock, place, position, units, STOCK_SHOP);

    stock_changed(w, place, position, last);
}

struct order_take_missing { /* what the shop lacks of a basket */
    struct wish wish;
    uint8_t line[OMO_LINES_MAX]; /* of the basket */
    uint16_t whole;              /* bit i = the shop had nothing of line i */
};

/* Takes what the shelf has of each line; what is missing follows where every shortage does. */
static void order_take_lines(struct omo_world *w, const struct basket *basket, uint32_t place,
                             struct order_take_goods *g, struct order_take_missing *missing)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[place];

    g->line_count = missing->wish.line_count = 0;
    g->cents = g->units = 0;
    missing->whole = 0;
    for (uint32_t i = 0; i < basket->line_count; i++) {
        uint32_t sku = basket->sku[i];
        int32_t wanted = basket->quantity[i];
        size_t position = network_position(&m->network, p, sku);
        int32_t taken =
            position == SIZE_MAX ? 0 : core_min_i32(wanted, w->stock.available[position]);
        bool backorder = m->shortage == OMO_SHORTAGE_BACKORDER && position != SIZE_MAX;
        int32_t lacking = wanted - taken;
        if (taken > 0)
            order_take_shelf(w, place, position, taken);
        if (lacking > 0 && !backorder) {
            uint32_t k = missing->wish.line_count++;
            missing->wish.sku[k] = sku;
            missing->wish.quantity[k] = lacking;
            missing->line[k] = (uint8_t)i;
            missing->whole |= (uint16_t)((taken == 0) << i);
        }
        if (taken > 0 || backorder)
            order_take_add(w, g, sku, sku, position, taken, backorder ? lacking : 0);
    }
}

/* What the shelf has in place of missing lines, or what is paid now and follows. The others stay
 * in `missing`. */
static void order_take_instead(struct omo_world *w, struct feed_about about,
                               enum shortage_reaction reaction, struct order_take_goods *g,
                               struct wish *missing)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[about.place];
    uint32_t kept = 0;

    for (uint32_t i = 0; i < missing->line_count; i++) {
        uint32_t wanted = missing->sku[i], sku = wanted;
        int32_t lacking = missing->quantity[i];
        bool substitute = reaction == SHORTAGE_SUBSTITUTE;
        if (substitute)
            sku = order_shortage_substitute(w, about.place, wanted, lacking);
        size_t position = sku == OMO_NONE ? SIZE_MAX : network_position(n, p, sku);
        if (position == SIZE_MAX || g->line_count == OMO_LINES_MAX) {
            missing->sku[kept] = wanted;
            missing->quantity[kept++] = lacking;
            continue;
        }
        if (substitute)
            order_take_shelf(w, about.place, position, lacking);
        order_take_add(w, g, wanted, sku, position, substitute ? lacking : 0,
                       substitute ? 0 : lacking);
    }
    missing->line_count = kept;
}

/* To the till: those who may lose patience there pay when it is their turn. */
static void order_take_to_till(struct omo_world *w, const struct customer *customer,
                               struct order_take_goods *g, uint32_t channel, uint32_t place)
{
    struct carried carried = {.line_count = g->line_count};

    if (law_is_zero(&w->model->demand.segment[customer->segment].patience)) {
        order_take_pay(w, customer, g, channel, place);
        order_till(w, customer, place, channel, NULL);
        return;
    }
    memcpy(carried.sku, g->sku, g->line_count * sizeof(g->sku[0]));
    memcpy(carried.wanted, g->wanted, g->line_count * sizeof(g->wanted[0]));
    memcpy(carried.quantity, g->quantity, g->line_count * sizeof(g->quantity[0]));
    memcpy(carried.to_follow, g->to_follow, g->line_count * sizeof(g->to_follow[0]));
    order_till(w, customer, place, channel, &carried);
}

void order_take_at_till(struct omo_world *w, const struct customer *customer,
                        const struct carried *carried, uint32_t channel, uint32_t place)
{
    const struct network *n = &w->model->network;
    struct order_take_goods g = {.line_count = 0};

    for (uint32_t i = 0; i < carried->line_count; i++)
        order_take_add(w, &g, carried->wanted[i], carried->sku[i],
                       network_position(n, &n->place[place], carried->sku[i]), carried->quantity[i],
                       carried->to_follow[i]);
    order_take_pay(w, customer, &g, channel, place);
}

void order_take(struct omo_world *w, const struct customer *customer, const struct basket *basket,
                uint32_t channel, uint32_t place)
{
    struct feed_about about = world_about(customer->order, place, channel);
    enum shortage_reaction reaction = SHORTAGE_LEAVE;
    struct order_take_goods g;
    struct order_take_missing missing;
    bool gone = false;

    order_take_lines(w, basket, place, &g, &missing);
    if (missing.wish.line_count != 0)
        reaction = order_shortage_reaction(w, customer);
    if (reaction == SHORTAGE_SUBSTITUTE || reaction == SHORTAGE_BACKORDER)
        order_take_instead(w, about, reaction, &g, &missing.wish);
    if (g.line_count != 0)
        order_take_to_till(w, customer, &g, channel, place);
    if (reaction == SHORTAGE_SWITCH || reaction == SHORTAGE_SCREEN)
        gone = order_shortage_order(w, customer, &missing.wish, about, reaction);
    if (reaction == SHORTAGE_ELSEWHERE)
        order_shortage_elsewhere(w, customer, &missing.wish, missing.line, missing.whole, about);
    if (!gone)
        order_shortage_lost(w, &missing.wish, about);
}
