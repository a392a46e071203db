/* An online order: promised on what the channel sees, paid, then reserved on what is there.
 *
 * Routing runs before the customer pays: what no candidate shows is lost and never charged, or,
 * where shortages are backordered, promised to follow and charged like the rest. Only then are the
 * places asked. Where the view was stale and a place no longer has the units, they are oversold:
 * counted first, then re-routed among the other candidates (three rounds at most) or cancelled and
 * refunded. In real time the view is the stock, and no order is ever oversold: the dial's outcome,
 * not a parameter. */
#include "base/money.h"
#include "flow/member.h"
#include "flow/order_place.h"

/* Part of the detail for a place, made when it is new; OMO_NONE when the order has no room for
 * another. */
static uint32_t order_place_part(struct order_place_job *j, struct reach_near at)
{
    struct order_detail *d = j->detail;

    for (uint32_t i = j->first_part; i < d->part_count; i++)
        if (d->part[i].place == at.place)
            return i;
    if (d->part_count == ORDERS_PARTS_MAX)
        return OMO_NONE;
    d->part[d->part_count] = (struct order_part){.place = at.place, .distance_mm = at.distance_mm};
    return d->part_count++;
}

static struct reach_near order_place_at(const struct order_place_job *j, uint32_t candidate)
{
    return (struct reach_near){.place = j->c.place[candidate],
                               .distance_mm = j->c.distance_mm[candidate]};
}

/* What the routing left over: lost, or to follow from the nearest candidate that stocks it. */
static void order_place_shortage(struct order_place_job *j, uint32_t line, int32_t lacking)
{
    const omo_model *m = j->w->model;
    uint32_t sku = j->wish->sku[line];
    int64_t value = (int64_t)m->network.price_cents[sku] * lacking;

    if (m->shortage == OMO_SHORTAGE_BACKORDER)
        for (uint32_t i = 0; i < j->c.count; i++)
            if (network_position(&m->network, &m->network.place[j->c.place[i]], sku) != SIZE_MAX) {
                j->to_follow[line] = lacking;
                j->follow[line] = order_place_at(j, i);
                return;
            }
    uint32_t place = j->c.count != 0 ? j->c.place[0] : OMO_NONE;
    feed_line(&j->w->feed, FACT_LOST, order_place_about(j, place), sku, lacking, value);
    if (m->costs.lost_cents != 0)
        feed_money(&j->w->feed, FACT_PENALTY, order_place_about(j, place), 0,
                   m->costs.lost_cents * lacking);
}

/* An order has room for so many parts and splits; what a policy spreads wider is left over. */
static void order_place_limit(struct order_place_job *j)
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

static void order_place_promise(struct order_place_job *j)
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
    }
}

/* Discount, fee, payment; the detail's lines get what the customer pays for them. */
static void order_place_pay(struct order_place_job *j)
{
    struct omo_world *w = j->w;
    struct order_detail *d = j->detail;
    bool in_store = w->model->demand.channel[j->channel].mode->in_store;
    struct feed_about about = order_place_about(j, in_store ? j->c.place[0] : OMO_NONE);
    int64_t line_cents[OMO_LINES_MAX], list = 0, before = 0, cut_before = 0;
    struct discount settled;

    for (uint32_t i = 0; i < j->wish->line_count; i++) {
        line_cents[i] = (int64_t)w->model->network.price_cents[j->wish->sku[i]] * j->promised[i];
        list += line_cents[i];
    }
    const struct promotion_query basket = {j->wish->line_count, line_cents, list, false};
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
        before += line_cents[i];
        int64_t cut = list > 0 ? discount * before / list : 0;
        d->line[i] = (struct order_line){
            .sku = j->wish->sku[i],
            .quantity = j->promised[i],
            .cents = line_cents[i] - (cut - cut_before),
        };
        cut_before = cut;
    }
    if (w->model->demand.channel[j->channel].kind->in_shop)
        order_touch_aisle(w, j->customer, about, d->line, d->line_count);
}

/* Reserves units of a line at a candidate. Returns how many the place really had and the order
 * has room to note. */
static int32_t order_place_reserve(struct order_place_job *j, uint32_t line, uint32_t candidate,
                                   int32_t quantity)
{
    struct omo_world *w = j->w;
    const omo_model *m = w->model;
    struct order_detail *d = j->detail;
    uint32_t place = j->c.place[candidate], sku = j->wish->sku[line];
    const struct place *p = &m->network.place[place];
    size_t position = network_position(&m->network, p, sku);
    enum stock_pool pool = order_pool(w, j->channel, place);
    int32_t units = core_min_i32(quantity, stock_pool_units(&w->stock, position, pool));

    if (units == 0 || d->allocation_count == ORDERS_ALLOCATIONS_MAX)
        return 0;
    uint32_t part = order_place_part(j, order_place_at(j, candidate));
    if (part == OMO_NONE)
        return 0;
    int64_t cents = order_line_cents(&j->line[line], units);
    d->allocation[d->allocation_count++] = (struct order_allocation){.line = (uint8_t)line,
                                                                     .part = (uint8_t)part,
                                                                     .quantity = units,
                                                                     .cents = cents};
    d->part[part].units += units;
    bool last = stock_reserve(&w->stock, place, position, units, pool);
    feed_line(&w->feed, FACT_RESERVED, order_place_about(j, place), sku, units, cents);
    stock_changed(w, place, position, last);
    j->reserved_units += units;
    j->net_cents += cents;
    j->goods_cents += (int64_t)m->network.cost_cents[sku] * units;
    return units;
}

/* Units accepted on a stale view. They are counted once, when the promise breaks. */
static void order_place_oversold(struct order_place_job *j, uint32_t line, uint32_t candidate,
                                 int32_t units)
{
    struct omo_world *w = j->w;
    uint32_t place = j->c.place[candidate], sku = j->wish->sku[line];
    size_t position = network_position(&w->model->network, &w->model->network.place[place], sku);
    uint64_t bit = UINT64_C(1) << (position % 64);

    feed_line(&w->feed, FACT_OVERSOLD, order_place_about(j, place), sku, units,
              (int64_t)w->model->network.price_cents[sku] * units);
    if ((w->stock.oversold_seen[position / 64] & bit) == 0) {
        w->stock.oversold_seen[position / 64] |= bit;
        feed_none(&w->feed, FACT_OVERSOLD_FIRST, order_place_about(j, place), 1);
    }
}

/* Asks the places for what the answer gave them. Fills `ret_open` with the units of each line
 * that they did not have; true when there are any. */
static bool order_place_ask(struct order_place_job *j, uint32_t round,
                            int32_t ret_open[OMO_LINES_MAX])
{
    bool any = false;

    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        ret_open[line] = 0;
        for (uint32_t i = 0; i < j->c.count; i++) {
            int32_t asked = j->answer.quantity[line][i];
            if (asked == 0)
                continue;
            int32_t got = order_place_reserve(j, line, i, asked);
            int32_t *seen = &j->c.available[line * j->c.count + i];
            *seen = got == asked ? *seen - got : 0;
            if (round > 0 && got > 0)
                feed_line(&j->w->feed, FACT_REROUTED, order_place_about(j, j->c.place[i]),
                          j->wish->sku[line], got, 0);
            if (got == asked)
                continue;
            if (round == 0)
                order_place_oversold(j, line, i, asked - got);
            ret_open[line] += asked - got;
            any = true;
        }
    }
    return any;
}

/* For a reroute, pickup orders look beyond the store that the customer chose. */
static void order_place_widen(struct order_place_job *j, const struct wish *open)
{
    struct candidates wide;

    if (j->w->model->demand.channel[j->channel].mode->path != MODE_COLLECT)
        return;
    order_gather(j->w, j->customer, j->channel, j->wish, &wide);
    for (uint32_t i = 0; i < wide.count; i++)
        if (wide.place[i] == j->c.place[0])
            for (uint32_t line = 0; line < j->wish->line_count; line++)
                if (open->quantity[line] > 0)
                    wide.available[line * wide.count + i] = 0;
    j->c = wide;
}

/* Routes the open units again. Lines that are complete take part with nothing wanted, so indices
 * stay. */
bool order_place_reroute(struct order_place_job *j, uint32_t round, int32_t open[OMO_LINES_MAX])
{
    struct wish again = {.line_count = 0};
    uint32_t line_of[OMO_LINES_MAX];
    struct candidates c;
    struct routing_answer answer;
    struct wish open_wish = {.line_count = j->wish->line_count};

    memcpy(open_wish.quantity, open, sizeof(open_wish.quantity));
    if (round == 1)
        order_place_widen(j, &open_wish);
    c.count = j->c.count;
    memcpy(c.place, j->c.place, sizeof(c.place));
    memcpy(c.distance_mm, j->c.distance_mm, sizeof(c.distance_mm));
    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        if (open[line] == 0)
            continue;
        uint32_t k = again.line_count++;
        again.sku[k] = j->wish->sku[line];
        again.quantity[k] = open[line];
        line_of[k] = line;
        memcpy(&c.available[k * c.count], &j->c.available[line * c.count],
               c.count * sizeof(c.available[0]));
    }
    order_route(j->w, j->channel, j->order, &again, &c, &answer);
    int32_t unanswered[OMO_LINES_MAX] = {0};
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        memset(j->answer.quantity[line], 0, j->c.count * sizeof(j->answer.quantity[line][0]));
    for (uint32_t k = 0; k < again.line_count; k++) {
        unanswered[line_of[k]] = again.quantity[k];
        for (uint32_t i = 0; i < c.count; i++) {
            j->answer.quantity[line_of[k]][i] = answer.quantity[k][i];
            unanswered[line_of[k]] -= answer.quantity[k][i];
        }
    }
    bool any = order_place_ask(j, round, open);
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        open[line] += unanswered[line];
    return any;
}

void order_place_cancel(struct order_place_job *j, const int32_t open[OMO_LINES_MAX])
{
    struct omo_world *w = j->w;
    struct feed_about about = order_place_about(j, OMO_NONE);
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
static void order_place_follow(struct order_place_job *j, int32_t open[OMO_LINES_MAX])
{
    struct omo_world *w = j->w;

    for (uint32_t line = 0; line < j->wish->line_count; line++) {
        int32_t units = j->to_follow[line];
        uint32_t part = units > 0 ? order_place_part(j, j->follow[line]) : OMO_NONE;
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
        j->detail->part[part].missing += units;
        j->detail->allocation[j->detail->allocation_count++] =
            (struct order_allocation){.line = (uint8_t)line,
                                      .part = (uint8_t)part,
                                      .quantity = units,
                                      .cents = cents};
        w->stock.backordered[position] += units;
        gauge_add(&w->tally.gauge[GAUGE_BACKORDERS], w->now_us, units);
        feed_line(&w->feed, FACT_BACKORDERED, order_place_about(j, place), sku, units, cents);
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

/* Costs that the order itself brings, and the facts about its parts. */
static void order_place_settle(struct order_place_job *j)
{
    struct omo_world *w = j->w;
    const omo_channel_options *o = &w->model->demand.channel[j->channel].options;
    struct feed_about about = order_place_about(j, OMO_NONE);
    struct order_detail *d = j->detail;

    if (j->goods_cents != 0)
        feed_money(&w->feed, FACT_GOODS, about, 0, j->goods_cents);
    uint32_t commission_ppm = order_touch_commission_ppm(w, j->channel);
    if (commission_ppm != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0, money_share(j->net_cents, commission_ppm));
    for (uint32_t i = 0; i < d->part_count; i++)
        feed_span(&w->feed, FACT_ROUTED, order_place_about(j, d->part[i].place),
                  d->part[i].units + d->part[i].missing, d->part[i].distance_mm);
    if (d->part_count > 1)
        feed_none(&w->feed, FACT_SPLIT, about, d->part_count);
    int64_t handling = (int64_t)d->part_count * o->cost_order_cents +
                       (int64_t)d->allocation_count * o->cost_line_cents;
    if (handling != 0)
        feed_money(&w->feed, FACT_HANDLING, about, 0, handling);
    int64_t paid = j->net_cents + d->fee_cents;
    bool recognised;
    d->member = member_bought(w, j->customer, about, paid, paid - j->goods_cents, &recognised);
    d->earns_cents = recognised && !w->model->members.points_at_payment ? j->net_cents : 0;
    if (recognised && w->model->members.points_at_payment)
        points_earn(w, about, d->member, j->net_cents);
    bool whole = d->part_count == 1 && j->reserved_units == j->promised_units &&
                 d->part[0].place == j->near_place;
    for (uint32_t line = 0; line < j->wish->line_count; line++)
        whole = whole && j->promised[line] == j->wish->quantity[line];
    if (whole)
        feed_none(&w->feed, FACT_COMPLETE_NEAR, order_place_about(j, d->part[0].place), 1);
    order_touch_paid(w, j->customer, about, j->net_cents);
}

/* What the customer was promised: the channel's time, or the slot they chose, which is taken now. */
static void order_place_due(struct order_place_job *j)
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

void order_place(struct omo_world *w, const struct customer *customer, uint64_t order,
                 const struct wish *wish, uint32_t channel, const struct candidates *candidates)
{
    struct order_place_job j = {.w = w,
                                .customer = customer,
                                .order = order,
                                .channel = channel,
                                .wish = wish};
    int32_t open[OMO_LINES_MAX] = {0};

    j.c = *candidates;
    j.near_place = candidates->count != 0 ? candidates->place[0] : OMO_NONE;
    order_place_promise(&j);
    if (j.promised_units == 0)
        return;
    j.slot = pool_take(&w->orders.slots);
    uint32_t detail = pool_take(&w->orders.details);
    j.detail = &w->orders.detail[detail];
    j.line = j.detail->line;
    j.detail->part_count = j.detail->allocation_count = 0;
    j.detail->ready_us = w->now_us;
    j.detail->member = customer->member;
    j.detail->due_cents = 0;
    j.detail->lat = customer->lat;
    j.detail->lon = customer->lon;
    order_churn_may(w, customer->segment, customer->member);
    order_place_due(&j);
    w->orders.detail_order[detail] = j.slot;
    w->orders.order[j.slot] = (struct order){
        .identity = order,
        .placed_us = w->now_us,
        .place = candidates->locker,
        .detail = detail,
        .zone = customer->zone,
        .channel = (uint8_t)channel,
        .segment = (uint8_t)customer->segment,
        .in_full = 1,
    };
    order_place_pay(&j);
    bool any = order_place_ask(&j, 0, open);
    bool reroute = w->model->integration.oversold == OMO_OVERSOLD_REROUTE;
    for (uint32_t round = 1; any && reroute && round <= ORDER_PLACE_ROUNDS; round++)
        any = order_place_reroute(&j, round, open);
    order_place_follow(&j, open);
    int64_t cancelled = 0;
    for (uint32_t line = 0; line < wish->line_count; line++)
        cancelled += open[line];
    if (cancelled > 0)
        order_place_cancel(&j, open);
    if (j.detail->part_count == 0) {
        pool_give(&w->orders.details, detail);
        pool_give(&w->orders.slots, j.slot);
        return;
    }
    order_place_settle(&j);
    w->orders.order[j.slot].parts_open = (uint8_t)j.detail->part_count;
    gauge_add(&w->tally.gauge[GAUGE_ORDERS_OPEN], w->now_us, 1);
    if (w->model->demand.channel[channel].mode->in_store)
        order_till(w, customer, j.detail->part[0].place, channel, NULL);
    /* A part that is picked at once and not found asks for more parts, which may move the detail. */
    uint32_t parts = j.detail->part_count;
    for (uint32_t part = 0; part < parts; part++)
        if (w->orders.detail[detail].part[part].missing == 0)
            order_pick_schedule(w, j.slot, part);
}
