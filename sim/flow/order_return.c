/* Returns: some of what was handed over comes back.
 *
 * At the hand-over each unit draws whether it will come back: for a reason of the product's, or for
 * one of the channel's (a size that nobody could try on). The units of a line that were handed over
 * together and come back do so together, after one delay. A thinned Poisson stream of sales is a
 * Poisson stream, and stays one when every unit is moved by a time of its own: so with one unit a
 * line the returns of a day are Poisson, and so are the units out with their customers, whatever
 * the law of the delay (oracle thinning_returns_boris).
 *
 *   handed over -> delay -> RETURN_REQUESTED -> [parcel] -> RETURNED -> [on to a place that stocks
 *   it] -> inspect -> RETURN_INSPECTED, REFUNDED, GOODS_BACK, RESTOCKED and/or RETURN_WASTED
 *
 * Draws are keyed by order, line and unit, so that two policies meet the same second thoughts: the
 * words of a unit stand at its ordinal within its line, however the line was split.
 *
 * Money: a unit's refund is its exact share of what was paid for the units handed over with it (the
 * shares add up to it to the cent), its cost is taken off the cost of goods, the platform gives its
 * commission back, and the member the points that it earned. A unit that cannot be sold again is
 * waste; a perishable one always is.
 */
#include "base/money.h"
#include "flow/member.h"

enum order_return_draw { /* what an index of DRAW_RETURN is about; the line is added */
                         ORDER_RETURN_UNITS = 0,
                         ORDER_RETURN_TIMES = OMO_LINES_MAX,
                         ORDER_RETURN_RESTOCK = 2 * OMO_LINES_MAX
};

static struct feed_about order_return_about(const struct return_item *r, uint32_t place)
{
    return world_about(r->identity, place, r->channel);
}

/* Whether goods of a channel may come back to a shop: integrated, or bought in one. */
static bool order_return_in_shop(const omo_model *m, uint32_t channel)
{
    return model_returns_in_shop(m) || !m->demand.channel[channel].kind->online;
}

/* A product's reason and a channel's are independent. */
static uint32_t order_return_ppm(const omo_model *m, uint32_t sku, uint32_t channel)
{
    uint64_t a = m->network.return_ppm[sku], b = m->demand.channel[channel].options.return_rate_ppm;

    return (uint32_t)(a + b - a * b / OMO_PPM);
}

static void order_return_gauge(struct omo_world *w, int64_t units)
{
    struct gauge *level = &w->tally.gauge[GAUGE_RETURNING];
    int64_t before = level->level, after = before + units;

    gauge_add(level, w->now_us, units);
    gauge_add(&w->tally.gauge[GAUGE_RETURNING_SQUARE], w->now_us, after * after - before * before);
}

static void order_return_schedule(struct omo_world *w, uint32_t slot, enum event_kind kind,
                                  int64_t after_us)
{
    world_schedule(w, w->now_us + after_us, kind, slot, w->returns.pool.generation[slot], 0);
}

/* Times of a line's returns: the delay, then the parcel's, then the inspection's. */
static int64_t order_return_time(const struct omo_world *w, const struct return_item *r,
                                 const omo_law *law, uint32_t which)
{
    struct draw_cursor c;

    draw_begin(&c, w->key, DRAW_RETURN, r->identity,
               ORDER_RETURN_TIMES + r->line + which * 2 * OMO_LINES_MAX);
    return law_draw_us(law, &c);
}

void order_return_sold(struct omo_world *w, const struct sale *s)
{
    const omo_model *m = w->model;
    struct draw_cursor c;

    if (!m->returns.on || s->quantity == 0)
        return;
    uint32_t ppm = order_return_ppm(m, s->sku, s->channel);
    if (ppm == 0)
        return;
    struct return_item r = {.identity = s->identity,
                            .sku = s->sku,
                            .place = s->place,
                            .home = s->place,
                            .member = s->member,
                            .first = s->first,
                            .channel = (uint8_t)s->channel,
                            .line = (uint8_t)s->line,
                            .stage = RETURN_OUT};
    draw_begin(&c, w->key, DRAW_RETURN, s->identity, ORDER_RETURN_UNITS + s->line);
    draw_skip(&c, s->first);
    for (int32_t unit = 0; unit < s->quantity; unit++) {
        if (!draw_share(&c, ppm))
            continue;
        r.quantity++;
        r.cents += s->cents * (unit + 1) / s->quantity - s->cents * unit / s->quantity;
    }
    if (r.quantity == 0)
        return;
    uint32_t slot = pool_take(&w->returns.pool);
    w->returns.item[slot] = r;
    order_return_gauge(w, r.quantity);
    order_return_schedule(w, slot, EVENT_RETURN_BRING,
                          order_return_time(w, &r, &m->returns.options.delay, 0));
}

void order_return_part(struct omo_world *w, uint32_t slot, uint32_t part)
{
    const struct order *o = &w->orders.order[slot];
    const struct order_detail *d = &w->orders.detail[o->detail];
    uint32_t first[OMO_LINES_MAX] = {0};

    if (!w->model->returns.on)
        return;
    for (uint32_t i = 0; i < d->allocation_count; i++) {
        const struct order_allocation *a = &d->allocation[i];
        if (a->part == part)
            order_return_sold(w, &(struct sale){.identity = o->identity,
                                                .place = d->part[part].place,
                                                .channel = o->channel,
                                                .line = a->line,
                                                .sku = d->line[a->line].sku,
                                                .first = first[a->line],
                                                .quantity = a->quantity,
                                                .member = d->member,
                                                .cents = a->cents});
        first[a->line] += (uint32_t)a->quantity;
    }
}

/* Where the customer goes with it. */
static uint32_t order_return_place(struct omo_world *w, const struct return_item *r)
{
    const omo_model *m = w->model;
    const struct returns_rule *rule = &m->returns;
    const struct place *origin = &m->network.place[r->place];
    const uint64_t visit = r->identity & ~(ORDERS_SWITCHED | ORDERS_FOLLOWS);
    const uint32_t cell = (uint32_t)(visit >> (ORDERS_DAY_BITS + ORDERS_ORDINAL_BITS));
    bool in_shop = order_return_in_shop(m, r->channel);
    struct customer c = {.order = r->identity & ~ORDERS_SWITCHED,
                         .zone = cell / m->demand.segment_count,
                         .segment = cell % m->demand.segment_count};
    struct reach_near near;

    if (rule->options.to == OMO_RETURN_TO_ORIGIN &&
        (origin->capabilities & OMO_ACCEPTS_RETURNS) != 0 &&
        (in_shop || origin->kind == OMO_PLACE_WAREHOUSE))
        return r->place;
    bool posted = rule->options.to == OMO_RETURN_TO_WAREHOUSE || !in_shop || rule->shops.count == 0;
    order_near(w, &c);
    uint32_t found =
        reach_nearest(posted ? &rule->warehouses : &rule->shops, c.lat, c.lon, 1, &near);
    OMO_ASSERT(found == 1);
    return near.place;
}

static void order_return_parcel(struct omo_world *w, const struct return_item *r, uint32_t place)
{
    if (w->model->returns.options.parcel_cents != 0)
        feed_money(&w->feed, FACT_RETURN_COST, order_return_about(r, place), 1,
                   w->model->returns.options.parcel_cents);
}

void order_return_bring(struct omo_world *w, uint32_t slot)
{
    struct return_item *r = &w->returns.item[slot];
    uint32_t place = order_return_place(w, r);

    OMO_ASSERT(r->stage == RETURN_OUT);
    r->place = place;
    r->stage = RETURN_POSTED;
    feed_line(&w->feed, FACT_RETURN_REQUESTED, order_return_about(r, place), r->sku, r->quantity,
              r->cents);
    if (w->model->network.place[place].kind != OMO_PLACE_WAREHOUSE) {
        order_return_arrive(w, slot);
        return;
    }
    order_return_parcel(w, r, place);
    order_return_schedule(w, slot, EVENT_RETURN_ARRIVE,
                          order_return_time(w, r, &w->model->returns.options.travel, 1));
}

void order_return_arrive(struct omo_world *w, uint32_t slot)
{
    struct return_item *r = &w->returns.item[slot];
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[r->place];
    int64_t travel_us = 0;

    OMO_ASSERT(r->stage == RETURN_POSTED);
    r->stage = RETURN_HERE;
    order_return_gauge(w, -(int64_t)r->quantity);
    w->returned_today += r->quantity;
    feed_line(&w->feed, FACT_RETURNED, order_return_about(r, r->place), r->sku, r->quantity,
              r->cents);
    if (m->demand.channel[r->channel].kind->online && p->kind != OMO_PLACE_WAREHOUSE)
        feed_none(&w->feed, FACT_RETURN_CROSSED, order_return_about(r, r->place), r->quantity);
    if (network_position(&m->network, p, r->sku) != SIZE_MAX) {
        r->home = r->place;
    } else { /* a shop without the product sends it to where it came from */
        order_return_parcel(w, r, r->place);
        travel_us = order_return_time(w, r, &m->returns.options.travel, 1);
    }
    size_t position = network_position(&m->network, &m->network.place[r->home], r->sku);
    stock_quarantine(&w->stock, r->sku, position, r->quantity);
    gauge_add(&w->tally.gauge[GAUGE_QUARANTINE], w->now_us, r->quantity);
    order_return_schedule(w, slot, EVENT_RETURN_INSPECT,
                          travel_us + order_return_time(w, r, &m->returns.options.inspect, 2));
}

/* Units of a return that can be sold again. */
static int32_t order_return_good(const struct omo_world *w, const struct return_item *r)
{
    struct draw_cursor c;
    int32_t good = 0;

    if (w->model->network.shelf_life_days[r->sku] != 0)
        return 0;
    draw_begin(&c, w->key, DRAW_RETURN, r->identity, ORDER_RETURN_RESTOCK + r->line);
    draw_skip(&c, r->first);
    for (int32_t unit = 0; unit < r->quantity; unit++)
        good += draw_share(&c, w->model->returns.options.restock_ppm);
    return good;
}

/* The customer gets the money back, and each of the others what they had of it. */
static void order_return_refund(struct omo_world *w, const struct return_item *r)
{
    const omo_model *m = w->model;
    struct feed_about about = order_return_about(r, r->home);
    uint32_t commission_ppm = m->demand.channel[r->channel].options.commission_ppm;

    feed_line(&w->feed, FACT_RETURN_INSPECTED, about, r->sku, r->quantity, r->cents);
    feed_money(&w->feed, FACT_REFUNDED, about, r->quantity, r->cents);
    feed_money(&w->feed, FACT_GOODS_BACK, about, r->quantity,
               (int64_t)m->network.cost_cents[r->sku] * r->quantity);
    if (commission_ppm != 0)
        feed_money(&w->feed, FACT_COMMISSION, about, 0, -money_share(r->cents, commission_ppm));
    points_take_back(w, about, r->member, r->cents);
    if (m->returns.options.handling_cents != 0)
        feed_money(&w->feed, FACT_RETURN_COST, about, 0, m->returns.options.handling_cents);
}

void order_return_inspect(struct omo_world *w, uint32_t slot)
{
    const struct return_item r = w->returns.item[slot];
    const struct network *n = &w->model->network;
    size_t position = network_position(n, &n->place[r.home], r.sku);
    struct feed_about about = order_return_about(&r, r.home);
    int32_t good = order_return_good(w, &r), bad = r.quantity - good;

    OMO_ASSERT(r.stage == RETURN_HERE);
    w->returns.item[slot].quantity = 0; /* audit.c */
    pool_give(&w->returns.pool, slot);
    gauge_add(&w->tally.gauge[GAUGE_QUARANTINE], w->now_us, -(int64_t)r.quantity);
    order_return_refund(w, &r);
    if (bad > 0) {
        stock_discard(&w->stock, r.sku, position, bad);
        feed_line(&w->feed, FACT_RETURN_WASTED, about, r.sku, bad,
                  (int64_t)n->cost_cents[r.sku] * bad);
    }
    if (good == 0)
        return;
    stock_restock(&w->stock, r.home, position, good);
    feed_line(&w->feed, FACT_RESTOCKED, about, r.sku, good, (int64_t)n->cost_cents[r.sku] * good);
    stock_arrived(w, r.home, position, good);
}
