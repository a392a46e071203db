/* A visit begins: who it is, what they want, what they see, what they choose.
 *
 * The basket is drawn first, keyed by the visit's identity, so that every policy and every
 * setting of the integration dial meets the same wish; then the channels of the segment are
 * looked at in turn (price after promotions, fee, distance, what is shown as sold out) and one
 * uniform word decides. Segments that only walk in take the short way: no candidate tables, one
 * exponential. */
#include "base/geo.h"
#include "base/maths.h"
#include "flow/world.h"

static void order_arrive_near(struct omo_world *w, struct customer *c)
{
    const omo_model *m = w->model;
    const struct zone *zone = &m->demand.zone[c->zone];
    const struct segment *segment = &m->demand.segment[c->segment];

    c->lat = zone->lat;
    c->lon = zone->lon;
    if (zone->shape == OMO_ZONE_POINT && segment->scatter_km == 0.0 && w->stores == &m->stores) {
        const struct near_list *list = &m->zone_near[c->zone];
        c->store = m->near + list->first;
        c->store_count = list->store_count;
        c->warehouse = c->store + list->store_count;
        c->warehouse_count = list->warehouse_count;
        return;
    }
    struct draw_cursor cursor;
    draw_begin(&cursor, w->key, DRAW_PLACE, c->order, 0);
    if (zone->shape == OMO_ZONE_SQUARE) {
        c->lat += draw_unit53(&cursor) * zone->side_km;
        c->lon += draw_unit53(&cursor) * zone->side_km;
    } else if (segment->scatter_km > 0.0) {
        double radius = segment->scatter_km * maths_sqrt(draw_unit(&cursor));
        double angle = 2.0 * MATHS_PI * draw_unit(&cursor);
        double north = radius * maths_sin(angle), east = radius * maths_cos(angle);
        if (m->run.geometry == OMO_GEOMETRY_SPHERE) {
            double degree_km = GEO_EARTH_RADIUS_KM * MATHS_PI / 180.0;
            north /= degree_km;
            double shrink = maths_cos(c->lat * (MATHS_PI / 180.0));
            east /= degree_km * (shrink > 1e-6 ? shrink : 1e-6); /* at the poles, anywhere */
        }
        c->lat += north;
        c->lon += east;
    }
    c->store = c->own;
    c->store_count = reach_nearest(w->stores, c->lat, c->lon, m->run.reach_count, c->own);
    c->warehouse = c->own + c->store_count;
    c->warehouse_count = reach_nearest(w->warehouses, c->lat, c->lon, MODEL_WAREHOUSES_NEAR,
                                       c->own + c->store_count);
}

/* The member who makes a visit, or OMO_NONE. */
static uint32_t order_arrive_member(const struct omo_world *w, uint64_t order, uint32_t zone_index,
                                    const struct segment *s)
{
    const struct zone *zone = &w->model->demand.zone[zone_index];

    if (s->member_share_ppm == 0 || zone->member_count == 0)
        return OMO_NONE;
    struct draw_cursor cursor;
    draw_begin(&cursor, w->key, DRAW_MEMBER, order, 0);
    if (!draw_share(&cursor, s->member_share_ppm))
        return OMO_NONE;
    return zone->member_first + draw_below(&cursor, zone->member_count);
}

/* A member who looks into an online channel may claim a coupon. */
static void order_arrive_claim(struct omo_world *w, const struct customer *c)
{
    const struct demand *d = &w->model->demand;

    if (c->member == OMO_NONE)
        return;
    for (uint32_t i = 0; i < d->promotion_count; i++) {
        const struct promotion *p = &d->promotion[i];
        const omo_promotion_options *o = &p->options;
        if (p->coupon == OMO_NONE || w->now_us < o->from_us ||
            (o->until_us != 0 && w->now_us >= o->until_us))
            continue;
        uint8_t *held = &w->coupon[(size_t)p->coupon * d->member_count + c->member];
        if ((*held & 1) != 0 || *held >> 1 >= o->per_member)
            continue;
        struct draw_cursor cursor;
        draw_begin(&cursor, w->key, DRAW_COUPON, c->order, i);
        if (!draw_share(&cursor, o->claim_ppm))
            continue;
        *held = (uint8_t)((*held | 1) + 2);
        feed_none(&w->feed, FACT_CLAIMED, world_about(c->order, OMO_NONE, OMO_FACT_NO_CHANNEL), 1);
    }
}

/* Nearest place that sells on site, or OMO_NONE. */
static uint32_t order_arrive_shop(const struct omo_world *w, const struct customer *c,
                                  const struct channel *channel, int64_t *ret_distance_mm)
{
    for (uint32_t i = 0; i < c->store_count; i++) {
        if (channel->radius_mm != 0 && c->store[i].distance_mm > channel->radius_mm)
            return OMO_NONE;
        if ((w->model->network.place[c->store[i].place].capabilities & channel->kind->capability) ==
            0)
            continue;
        *ret_distance_mm = c->store[i].distance_mm;
        return c->store[i].place;
    }
    return OMO_NONE;
}

/* Value at list prices of what a channel shows as sold out. */
static int64_t order_arrive_missing(const struct basket *b, const struct candidates *c)
{
    int64_t missing = 0;

    for (uint32_t line = 0; line < b->line_count; line++) {
        int64_t shown = 0;
        for (uint32_t i = 0; i < c->count; i++)
            shown += c->available[line * c->count + i];
        int64_t short_units = core_max_i64(0, b->quantity[line] - shown);
        missing += b->line_cents[line] / b->quantity[line] * short_units;
    }
    return missing;
}

/* A shelf is seldom in the cache; by the time the customer has chosen, it will be. */
static void order_arrive_prefetch(const struct omo_world *w, const struct basket *b, uint32_t shop)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < b->line_count; i++) {
        size_t position = network_position(n, &n->place[shop], b->sku[i]);
        if (position != SIZE_MAX)
            __builtin_prefetch(&w->stock.available[position], 1);
    }
}

struct order_arrive_table { /* what the options of one visit need, on the stack */
    struct behaviour_option option[OMO_CHANNELS_MAX];
    double utility[OMO_CHANNELS_MAX];
    bool open[OMO_CHANNELS_MAX];
    uint32_t shop[OMO_CHANNELS_MAX];
    struct candidates candidates[OMO_CHANNELS_MAX];
};

static void order_arrive_look(struct omo_world *w, const struct customer *c, const struct basket *b,
                              const struct wish *wish, uint32_t i, struct order_arrive_table *t)
{
    const struct segment *s = &w->model->demand.segment[c->segment];
    uint32_t channel = s->offered[i];
    const struct channel *ch = &w->model->demand.channel[channel];
    struct behaviour_option *o = &t->option[i];
    const struct promotion_query basket = {b->line_count, b->line_cents, b->cents, false};
    struct discount discount;

    *o = (struct behaviour_option){.channel = channel};
    if (ch->kind->mode == CHANNEL_TAKE_AWAY) {
        t->shop[i] = order_arrive_shop(w, c, ch, &o->distance_mm);
        o->open = t->shop[i] != OMO_NONE;
        if (o->open)
            order_arrive_prefetch(w, b, t->shop[i]);
    } else {
        struct candidates *cand = &t->candidates[i];
        order_gather(w, c, channel, wish, cand);
        if (ch->kind->mode == CHANNEL_PICKUP)
            order_gather_pickup(cand, wish);
        o->open = cand->count != 0;
        o->distance_mm = cand->count != 0 ? cand->distance_mm[0] : 0;
        o->missing_cents = order_arrive_missing(b, cand);
        o->fee_cents = order_fee(ch, b->cents);
    }
    o->discount_cents = order_discount(w, c, channel, basket, &discount);
    t->open[i] = o->open;
    t->utility[i] = behaviour_utility(s, ch, o, b->cents);
}

static void order_arrive_nearest_facts(struct omo_world *w, const struct customer *c)
{
    static const enum fact_kind kind[3] = {FACT_NEAREST_1, FACT_NEAREST_2, FACT_NEAREST_3};
    struct feed_about about = world_about(c->order, OMO_NONE, OMO_FACT_NO_CHANNEL);

    for (uint32_t i = 0; i < 3 && i < c->store_count; i++) {
        about.place = c->store[i].place;
        feed_span(&w->feed, kind[i], about, 1, c->store[i].distance_mm);
    }
    double over_km = w->model->run.distance_over_km;
    if (over_km >= 0.0 && c->store_count != 0 && (double)c->store[0].distance_mm > over_km * 1e6)
        feed_none(&w->feed, FACT_OVER_DISTANCE, about, 1);
}

static void order_arrive_open(struct omo_world *w, const struct customer *c, const struct basket *b,
                              uint32_t channel, uint32_t place)
{
    struct feed_about about = world_about(c->order, place, channel);

    feed_money(&w->feed, FACT_OPENED, about, b->line_count, b->cents);
    for (uint32_t i = 0; i < b->line_count; i++)
        feed_line(&w->feed, FACT_LINE, about, b->sku[i], b->quantity[i], b->line_cents[i]);
}

static void order_arrive_leave(struct omo_world *w, const struct customer *c)
{
    uint32_t nearest = c->store_count != 0 ? c->store[0].place : OMO_NONE;

    feed_none(&w->feed, FACT_LEFT, world_about(c->order, nearest, OMO_FACT_NO_CHANNEL), 0);
}

static void order_arrive_choose(struct omo_world *w, const struct customer *c,
                                const struct basket *b, const struct segment *s)
{
    struct order_arrive_table t;
    struct wish wish = {.line_count = b->line_count};
    struct draw_cursor cursor;

    memcpy(wish.sku, b->sku, b->line_count * sizeof(wish.sku[0]));
    memcpy(wish.quantity, b->quantity, b->line_count * sizeof(wish.quantity[0]));
    for (uint32_t i = 0; i < s->offered_count; i++)
        order_arrive_look(w, c, b, &wish, i, &t);
    draw_begin(&cursor, w->key, DRAW_CHOICE, c->order, 0);
    uint32_t chosen = behaviour_choose(t.utility, t.open, s->offered_count, &cursor);
    if (chosen == BEHAVIOUR_NOTHING) {
        order_arrive_leave(w, c);
        return;
    }
    uint32_t channel = s->offered[chosen];
    if (w->model->demand.channel[channel].kind->mode == CHANNEL_TAKE_AWAY) {
        order_arrive_open(w, c, b, channel, t.shop[chosen]);
        order_take(w, c, b, channel, t.shop[chosen]);
    } else {
        order_arrive_open(w, c, b, channel, OMO_NONE);
        order_place(w, c, c->order, &wish, channel, &t.candidates[chosen]);
    }
}

void order_arrive(struct omo_world *w, const struct visit *visit)
{
    const struct demand *d = &w->model->demand;
    struct customer c;
    struct basket b;

    c.zone = visit->cell / d->segment_count;
    c.segment = visit->cell % d->segment_count;
    c.order = orders_identity(visit->cell, w->day - 1, visit->ordinal);
    const struct segment *s = &d->segment[c.segment];
    w->visits_today++;
    w->visits_first_quarter += w->now_us % OMO_US_PER_DAY < OMO_US_PER_DAY / 4;
    order_arrive_near(w, &c);
    if (s->empty_basket) {
        uint32_t channel = s->offered[0];
        int64_t distance_mm;
        uint32_t shop = order_arrive_shop(w, &c, &d->channel[channel], &distance_mm);
        if (shop == OMO_NONE) {
            order_arrive_leave(w, &c);
            return;
        }
        feed_money(&w->feed, FACT_OPENED, world_about(c.order, shop, channel), 0, 0);
        order_till(w, c.order, shop, channel);
        return;
    }
    c.member = order_arrive_member(w, c.order, c.zone, s);
    if (s->goes_online && d->coupon_count != 0)
        order_arrive_claim(w, &c);
    if (w->model->run.nearest_facts)
        order_arrive_nearest_facts(w, &c);
    basket_draw(d, &w->model->network, s, w->key, c.order, &b);
    order_arrive_choose(w, &c, &b, s);
}

bool omo_world_visitor(const omo_world *world, uint64_t order, omo_visitor *ret_visitor)
{
    const struct demand *d = &world->model->demand;
    const uint64_t visit = order & ~ORDERS_SWITCHED;
    const uint64_t cell = visit >> (ORDERS_DAY_BITS + ORDERS_ORDINAL_BITS);
    struct basket b = {.line_count = 0};

    if (cell >= (uint64_t)d->zone_count * d->segment_count)
        return false;
    omo_visitor v = {.zone = (uint32_t)(cell / d->segment_count),
                     .segment = (uint32_t)(cell % d->segment_count)};
    const struct segment *s = &d->segment[v.segment];
    v.member = order_arrive_member(world, visit, v.zone, s);
    if (!s->empty_basket)
        basket_draw(d, &world->model->network, s, world->key, visit, &b);
    v.line_count = b.line_count;
    for (uint32_t i = 0; i < b.line_count; i++) {
        v.sku[i] = b.sku[i];
        v.quantity[i] = (uint32_t)b.quantity[i];
        v.cents[i] = b.line_cents[i];
    }
    *ret_visitor = v;
    return true;
}
