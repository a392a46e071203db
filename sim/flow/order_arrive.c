/* A visit begins: who it is, where they stand, what they want.
 *
 * The basket is drawn first, keyed by the visit's identity, so that every policy and every setting
 * of the integration dial meets the same wish. What is seen and chosen is order_choose.c's. */
#include "base/geo.h"
#include "base/maths.h"
#include "flow/member.h"

void order_near(struct omo_world *w, struct customer *c)
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

/* The tills hear of a claim as integration.members says. */
static void order_arrive_fresh(struct omo_world *w, struct member *entry, uint32_t member,
                               uint32_t coupon)
{
    const struct sync sync = model_sync(w->model, OMO_DATA_MEMBERS);
    int64_t known_us = sync_known_us(&sync, w->now_us);

    entry->fresh &= (uint8_t) ~(1u << coupon);
    if (sync.kind == SYNC_NEVER || known_us == w->now_us)
        return; /* siloed: the till does not know the member at all */
    entry->fresh |= (uint8_t)(1u << coupon);
    world_schedule(w, known_us, EVENT_CLAIM_KNOWN, member, entry->coupon[coupon] >> 1, coupon);
}

void order_arrive_known(struct omo_world *w, uint32_t member, uint32_t coupon, uint32_t claimed)
{
    struct member *entry = members_find(&w->members, member);

    /* A later claim waits for news of its own. */
    if (entry != NULL && (uint32_t)(entry->coupon[coupon] >> 1) == claimed)
        entry->fresh &= (uint8_t) ~(1u << coupon);
}

/* A member who looks into an online channel may claim a coupon. */
static void order_arrive_claim(struct omo_world *w, const struct customer *c)
{
    const struct demand *d = &w->model->demand;

    if (!member_claims(w, c))
        return;
    for (uint32_t i = 0; i < d->promotion_count; i++) {
        const struct promotion *p = &d->promotion[i];
        const omo_promotion_options *o = &p->options;
        if (p->coupon == OMO_NONE || w->now_us < o->from_us ||
            (o->until_us != 0 && w->now_us >= o->until_us))
            continue;
        const struct member *e = members_find(&w->members, c->member);
        uint8_t held = e != NULL ? e->coupon[p->coupon] : 0;
        if ((held & 1) != 0 || held >> 1 >= o->per_member)
            continue;
        struct draw_cursor cursor;
        draw_begin(&cursor, w->key, DRAW_COUPON, c->order, i);
        if (!draw_share(&cursor, o->claim_ppm))
            continue;
        struct member *entry = members_take(&w->members, c->member);
        entry->coupon[p->coupon] = (uint8_t)((held | 1) + 2);
        w->members.coupons_held++;
        order_arrive_fresh(w, entry, c->member, p->coupon);
        feed_none(&w->feed, FACT_CLAIMED, world_about(c->order, OMO_NONE, OMO_FACT_NO_CHANNEL), 1);
    }
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

/* Only the lines of a set are wanted. */
static void order_arrive_lines(struct basket *b, uint16_t lines)
{
    uint32_t kept = 0;

    b->cents = 0;
    for (uint32_t i = 0; i < b->line_count; i++) {
        if ((lines >> i & 1) == 0)
            continue;
        b->sku[kept] = b->sku[i];
        b->quantity[kept] = b->quantity[i];
        b->line_cents[kept] = b->line_cents[i];
        b->cents += b->line_cents[kept++];
    }
    b->line_count = kept;
}

void order_visit(struct omo_world *w, struct customer *c)
{
    const struct demand *d = &w->model->demand;
    const struct segment *s = &d->segment[c->segment];
    struct basket b;

    order_near(w, c);
    if (s->empty_basket) {
        uint32_t channel = s->offered[0];
        int64_t distance_mm;
        uint32_t shop = order_choose_shop(w, c, &d->channel[channel], &distance_mm);
        if (shop == OMO_NONE) {
            order_choose_leave(w, c);
            return;
        }
        feed_money(&w->feed, FACT_OPENED, world_about(c->order, shop, channel), 0, 0);
        if (!order_till_balks(w, c, shop, channel, 0, 0))
            order_till(w, c, shop, channel, NULL);
        return;
    }
    if (s->goes_online && d->coupon_count != 0)
        order_arrive_claim(w, c);
    if (w->model->run.nearest_facts)
        order_arrive_nearest_facts(w, c);
    basket_draw(d, &w->model->network, s, w->key, c->basket, &b);
    if (c->lines != 0)
        order_arrive_lines(&b, c->lines);
    if (c->cause == FOLLOW_RENEWAL)
        subscription_renew(w, c, &b);
    else
        order_choose(w, c, &b, s);
}

static uint32_t order_arrive_draw(const struct omo_world *w, const struct visit *visit)
{
    const struct demand *d = &w->model->demand;

    return member_draw(w, orders_identity(visit->cell, w->day - 1, visit->ordinal),
                       visit->cell / d->segment_count, &d->segment[visit->cell % d->segment_count]);
}

/* Who makes this visit. An entry of a large table is seldom in the cache: so the next visit's person
 * is drawn now, once, and the entry is on its way while this visit is dealt with. */
static uint32_t order_arrive_person(struct omo_world *w, const struct visit *visit)
{
    const struct visit *next = tape_peek(&w->tape);
    uint32_t person;

    if (w->members.capacity == 0)
        return order_arrive_draw(w, visit);
    bool known = w->expected.at_us == visit->at_us && w->expected.cell == visit->cell &&
                 w->expected.ordinal == visit->ordinal;
    person = known ? w->expected_person : order_arrive_draw(w, visit);
    if (next == NULL)
        return person;
    w->expected = *next;
    w->expected_person = order_arrive_draw(w, next);
    if (w->expected_person != OMO_NONE)
        members_prefetch(&w->members, w->expected_person);
    return person;
}

void order_arrive(struct omo_world *w, const struct visit *visit)
{
    const struct demand *d = &w->model->demand;
    struct customer c;

    c.zone = visit->cell / d->segment_count;
    c.segment = visit->cell % d->segment_count;
    c.order = c.basket = orders_identity(visit->cell, w->day - 1, visit->ordinal);
    c.channels = 0;
    c.avoid = OMO_NONE;
    c.lines = 0;
    c.cause = FOLLOW_NONE;
    c.from_channel = OMO_FACT_NO_CHANNEL;
    w->visits_today++;
    w->visits_first_quarter += w->now_us % OMO_US_PER_DAY < OMO_US_PER_DAY / 4;
    c.depth = 0;
    if (member_meet(w, &c, order_arrive_person(w, visit)))
        order_visit(w, &c);
}

bool omo_world_visitor(const omo_world *world, uint64_t order, omo_visitor *ret_visitor)
{
    const struct demand *d = &world->model->demand;
    const uint64_t visit = order & ~(ORDERS_SWITCHED | ORDERS_FOLLOWS);
    const uint64_t cell = visit >> (ORDERS_DAY_BITS + ORDERS_ORDINAL_BITS);
    struct basket b = {.line_count = 0};

    if (cell >= (uint64_t)d->zone_count * d->segment_count)
        return false;
    omo_visitor v = {.zone = (uint32_t)(cell / d->segment_count),
                     .segment = (uint32_t)(cell % d->segment_count)};
    const struct segment *s = &d->segment[v.segment];
    v.member = member_draw(world, visit, v.zone, s);
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
