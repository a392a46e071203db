/* A walk-in: goods from the shelf to the till.
 *
 * Goods leave the shelf when the customer arrives, in one step with paying; the till then only
 * takes time. Customers who may lose patience carry them to the till and pay when it is their turn
 * (order_till.c). What is missing is lost, or follows as a backorder, or is what the customer makes
 * of it (order_shortage.c). */
#include "base/money.h"
#include "flow/member.h"

static void order_take_backorder(struct omo_world *w, const struct sale *s, struct feed_about about)
{
    const struct network *n = &w->model->network;
    const size_t position = network_position(n, &n->place[s->place], s->sku);
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
                                .member = s->member,
                                .units = quantity,
                                .paid_cents = cents});
    stock_changed(w, about.place, position, false);
}

/* Units of the same line of the basket that stand before those of line i. */
static uint32_t order_take_before(const struct carried *g, uint32_t i)
{
    uint32_t units = 0;

    for (uint32_t k = 0; k < i; k++)
        if (g->line[k] == g->line[i])
            units += (uint32_t)(g->quantity[k] + g->to_follow[k]);
    return units;
}

/* Money side: discount, payment, one RESERVED fact a line, cost of goods, commission. */
void order_take_pay(struct omo_world *w, const struct customer *customer, const struct carried *g,
                    uint32_t channel, uint32_t place)
{
    const omo_model *m = w->model;
    struct feed_about about = world_about(customer->order, place, channel);
    int64_t line_cents[OMO_LINES_MAX], cents = 0, units = 0;
    struct discount settled;
    struct sale sold[OMO_LINES_MAX];
    uint32_t sold_count = 0;
    int64_t list_before = 0, cut_before = 0, goods = 0, to_follow = 0;

    for (uint32_t i = 0; i < g->line_count; i++) {
        int32_t quantity = g->quantity[i] + g->to_follow[i];
        line_cents[i] = price_now(w, g->sku[i]) * quantity;
        cents += line_cents[i];
        units += quantity;
    }
    const struct promotion_query basket = {g->line_count, line_cents, cents, false};
    int64_t discount = order_discount(w, customer, channel, basket, &settled);
    order_discount_settle(w, customer, about, &settled);
    discount += member_pay(w, customer, about, cents - discount);
    order_detour_pays(w, customer, about, cents - discount);
    feed_money(&w->feed, FACT_PLACED, about, units, cents - discount);
    for (uint32_t i = 0; i < g->line_count; i++) {
        list_before += line_cents[i];
        int64_t cut = cents > 0 ? discount * list_before / cents : 0;
        struct order_line line = {.quantity = g->quantity[i] + g->to_follow[i],
                                  .cents = line_cents[i] - (cut - cut_before)};
        cut_before = cut;
        struct sale sale = {.identity = customer->order,
                            .place = place,
                            .channel = channel,
                            .line = g->line[i],
                            .sku = g->sku[i],
                            .first = order_take_before(g, i),
                            .quantity = g->quantity[i],
                            .member = customer->member};
        if (g->wanted[i] != g->sku[i])
            feed_line(&w->feed, FACT_SUBSTITUTED, about, g->wanted[i], g->quantity[i],
                      (int64_t)m->network.price_cents[g->wanted[i]] * g->quantity[i]);
        if (g->quantity[i] > 0) {
            sale.cents = order_line_cents(&line, g->quantity[i]);
            feed_line(&w->feed, FACT_RESERVED, about, g->sku[i], g->quantity[i], sale.cents);
            goods += (int64_t)m->network.cost_cents[g->sku[i]] * g->quantity[i];
            sold[sold_count++] = sale;
            stock_scan(w, &sale);
        }
        if (g->to_follow[i] > 0) {
            sale.first += (uint32_t)g->quantity[i];
            sale.quantity = g->to_follow[i];
            sale.cents = order_line_cents(&line, g->to_follow[i]);
            order_take_backorder(w, &sale, about);
        }
        to_follow += (int64_t)m->network.cost_cents[g->sku[i]] * g->to_follow[i];
    }
    if (goods != 0)
        feed_money(&w->feed, FACT_GOODS, about, 0, goods);
    uint32_t commission_ppm = order_touch_commission_ppm(w, channel);
    if (commission_ppm != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0,
                   money_share(cents - discount, commission_ppm));
    int64_t paid = cents - discount;
    bool recognised;
    uint32_t member =
        member_bought(w, customer, about, paid, paid - goods - to_follow, &recognised);
    if (recognised)
        points_earn(w, about, member, paid);
    for (uint32_t i = 0; i < sold_count; i++) { /* who became a member by this bought it as one */
        sold[i].member = member;
        order_return_sold(w, &sold[i]);
    }
    order_touch_paid(w, customer, about, paid);
}

/* Puts units of a line of the basket into the customer's hands: so many from the shelf, so many to
 * follow, of the wanted SKU or another one in its place. */
static void order_take_add(struct carried *g, uint32_t line, uint32_t wanted, uint32_t sku,
                           int32_t quantity, int32_t to_follow)
{
    uint32_t k = g->line_count++;

    OMO_ASSERT(k < OMO_LINES_MAX);
    g->line[k] = line;
    g->wanted[k] = wanted;
    g->sku[k] = sku;
    g->quantity[k] = quantity;
    g->to_follow[k] = to_follow;
}

static void order_take_shelf(struct omo_world *w, uint32_t place, size_t position, int32_t units)
{
    if (units > w->stock.available[position]) /* found without being on record: the till says so */
        stock_count_one(w, place, position);
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
                             struct carried *g, struct order_take_missing *missing)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[place];

    g->line_count = missing->wish.line_count = 0;
    missing->whole = 0;
    for (uint32_t i = 0; i < basket->line_count; i++) {
        uint32_t sku = basket->sku[i];
        int32_t wanted = basket->quantity[i];
        size_t position = network_position(&m->network, p, sku);
        int32_t taken =
            position == SIZE_MAX ? 0 : core_min_i32(wanted, stock_here(&w->stock, position));
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
            order_take_add(g, i, sku, sku, taken, backorder ? lacking : 0);
    }
}

/* What the shelf has in place of missing lines, or what is paid now and follows. The others stay
 * in `missing`. */
static void order_take_instead(struct omo_world *w, struct feed_about about,
                               enum shortage_reaction reaction, struct carried *g,
                               struct order_take_missing *missing)
{
    const struct network *n = &w->model->network;
    const struct place *p = &n->place[about.place];
    uint32_t kept = 0;

    for (uint32_t i = 0; i < missing->wish.line_count; i++) {
        uint32_t wanted = missing->wish.sku[i], sku = wanted;
        int32_t lacking = missing->wish.quantity[i];
        bool substitute = reaction == SHORTAGE_SUBSTITUTE;
        if (substitute)
            sku = order_shortage_substitute(w, about.place, wanted, lacking);
        size_t position = sku == OMO_NONE ? SIZE_MAX : network_position(n, p, sku);
        if (position == SIZE_MAX || g->line_count == OMO_LINES_MAX) {
            missing->wish.sku[kept] = wanted;
            missing->wish.quantity[kept++] = lacking;
            continue;
        }
        if (substitute)
            order_take_shelf(w, about.place, position, lacking);
        order_take_add(g, missing->line[i], wanted, sku, substitute ? lacking : 0,
                       substitute ? 0 : lacking);
    }
    missing->wish.line_count = kept;
}

void order_take(struct omo_world *w, const struct customer *customer, const struct basket *basket,
                uint32_t channel, uint32_t place)
{
    struct feed_about about = world_about(customer->order, place, channel);
    enum shortage_reaction reaction = SHORTAGE_LEAVE;
    struct carried g;
    struct order_take_missing missing;
    bool gone = false;

    order_take_lines(w, basket, place, &g, &missing);
    if (missing.wish.line_count != 0)
        reaction = order_shortage_reaction(w, customer);
    if (reaction == SHORTAGE_SUBSTITUTE || reaction == SHORTAGE_BACKORDER)
        order_take_instead(w, about, reaction, &g, &missing);
    if (g.line_count != 0)
        order_till(w, customer, place, channel, &g);
    if (reaction == SHORTAGE_SWITCH || reaction == SHORTAGE_SCREEN)
        gone = order_shortage_order(w, customer, &missing.wish, about, reaction);
    if (reaction == SHORTAGE_ELSEWHERE)
        order_shortage_elsewhere(w, customer, &missing.wish, missing.line, missing.whole, about);
    if (!gone)
        order_shortage_lost(w, &missing.wish, about);
}
