/* Which places can serve a wish through a channel, and what the channel sees of their stock.
 *
 * Candidates are the customer's nearest places that have the channel's capability, within its
 * radius, merged by distance with the nearest warehouses; siloed, parcels come from warehouses
 * alone. What is seen is the integration dial's view: stale stock is seen as it was. The table
 * is gathered once for the choice and used again for routing, so what the customer was shown is
 * what the policy gets. */
#include "flow/member.h"

static bool order_gather_serves(const struct omo_world *w, const struct channel *channel,
                                uint32_t place)
{
    const omo_model *m = w->model;
    const struct place *p = &m->network.place[place];

    if ((p->capabilities & channel->mode->capability) == 0)
        return false;
    if (channel->mode->path == MODE_COLLECT && !order_shelf_room(w, place))
        return false;
    return channel->mode->path != MODE_PARCEL || m->integration.inventory == OMO_MERGED ||
           p->kind == OMO_PLACE_WAREHOUSE;
}

static void order_gather_see(const struct omo_world *w, uint32_t channel, const struct wish *wish,
                             struct candidates *c)
{
    const omo_model *m = w->model;
    const struct channel *ch = &m->demand.channel[channel];
    const int32_t buffer = model_buffer(m, ch);

    for (uint32_t i = 0; i < c->count; i++) {
        const struct place *p = &m->network.place[c->place[i]];
        enum stock_pool pool = order_pool(w, channel, c->place[i]);
        for (uint32_t line = 0; line < wish->line_count; line++) {
            size_t position = network_position(&m->network, p, wish->sku[line]);
            c->available[line * c->count + i] =
                position == SIZE_MAX ? 0
                : ch->mode->in_store ? stock_pool_units(&w->stock, position, pool)
                                     : view_units(&w->view, &w->stock, position, pool, buffer);
        }
    }
}

/* Who stands in a store sees its shelf, and no other place. */
static void order_gather_store(const struct omo_world *w, const struct customer *customer,
                               uint32_t channel, const struct wish *wish, struct candidates *ret)
{
    const struct channel *ch = &w->model->demand.channel[channel];

    for (uint32_t i = 0; i < customer->store_count; i++) {
        const struct reach_near *near = &customer->store[i];
        uint32_t can = w->model->network.place[near->place].capabilities;
        if (ch->radius_mm != 0 && near->distance_mm > ch->radius_mm)
            return;
        if ((can & ch->mode->capability) == 0 ||
            (can & (OMO_SHIPS_COURIER | OMO_SHIPS_PARCEL)) == 0)
            continue;
        ret->place[0] = near->place;
        ret->distance_mm[0] = near->distance_mm;
        ret->count = 1;
        order_gather_see(w, channel, wish, ret);
        return;
    }
}

int64_t order_gather_units(const struct candidates *c, const struct wish *wish)
{
    int64_t units = 0;

    for (uint32_t line = 0; line < wish->line_count; line++) {
        int64_t shown = 0;
        for (uint32_t i = 0; i < c->count; i++)
            shown += c->available[line * c->count + i];
        units += core_min_i64(shown, wish->quantity[line]);
    }
    return units;
}

void order_gather_only(struct candidates *c, const struct wish *wish, uint32_t candidate)
{
    for (uint32_t line = 0; line < wish->line_count; line++)
        c->available[line] = c->available[line * c->count + candidate];
    c->place[0] = c->place[candidate];
    c->distance_mm[0] = c->distance_mm[candidate];
    c->count = 1;
}

void order_gather_pickup(struct candidates *c, const struct wish *wish)
{
    uint32_t best = 0;
    int64_t best_units = -1;

    if (c->count == 0)
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        int64_t units = 0;
        for (uint32_t line = 0; line < wish->line_count; line++)
            units += core_min_i32(c->available[line * c->count + i], wish->quantity[line]);
        if (units > best_units) {
            best_units = units;
            best = i;
        }
    }
    order_gather_only(c, wish, best);
}

void order_gather(const struct omo_world *w, const struct customer *customer, uint32_t channel,
                  const struct wish *wish, struct candidates *ret)
{
    const omo_model *m = w->model;
    const struct channel *ch = &m->demand.channel[channel];
    uint32_t store = 0, warehouse = 0;
    bool to_locker = ch->mode->to_locker;

    ret->count = 0;
    ret->slot = ORDER_SLOT_NONE;
    ret->locker = OMO_NONE;
    if (ch->kind->shelf) {
        order_touch_shelf(w, customer, ch, wish, ret);
        return;
    }
    if (ch->mode->in_store) {
        order_gather_store(w, customer, channel, wish, ret);
        return;
    }
    if (to_locker) {
        ret->locker = order_locker_near(w, channel, customer->lat, customer->lon, &ret->locker_mm);
        if (ret->locker == OMO_NONE)
            return;
    }
    while (ret->count < ROUTING_PLACES_MAX &&
           (store < customer->store_count || warehouse < customer->warehouse_count)) {
        bool take_store =
            warehouse == customer->warehouse_count ||
            (store < customer->store_count &&
             customer->store[store].distance_mm <= customer->warehouse[warehouse].distance_mm);
        const struct reach_near *near =
            take_store ? &customer->store[store++] : &customer->warehouse[warehouse++];
        if (ch->radius_mm != 0 && near->distance_mm > ch->radius_mm && !to_locker)
            break;
        if (!order_gather_serves(w, ch, near->place) || near->place == customer->avoid)
            continue;
        ret->place[ret->count] = near->place;
        ret->distance_mm[ret->count++] = near->distance_mm;
    }
    order_gather_see(w, channel, wish, ret);
}

int64_t order_fee(const struct channel *channel, int64_t basket_cents)
{
    const omo_channel_options *o = &channel->options;

    return o->free_above_cents != 0 && basket_cents >= o->free_above_cents ? 0 : o->fee_cents;
}

/* Whether the customer is known in this channel and holds a coupon of the promotion. */
static bool order_discount_holds(const struct omo_world *w, const struct customer *customer,
                                 uint32_t channel, const struct promotion *p)
{
    if (p->coupon == OMO_NONE || customer->member == OMO_NONE ||
        !member_holds(w, customer->member, p->coupon) || !member_known(w, customer, channel))
        return false;
    return w->model->demand.channel[channel].kind->online ||
           (members_find(&w->members, customer->member)->fresh >> p->coupon & 1) == 0;
}

/* Whether the coupons of a promotion have been redeemed as often as its budget allows. */
static bool order_discount_spent(const struct omo_world *w, const struct promotion *p)
{
    return p->coupon != OMO_NONE && p->options.budget != 0 &&
           w->redeemed[p->coupon] >= p->options.budget;
}

/* Whether a promotion runs as far as a channel knows: a promotion of the other side begins and ends
 * there when the dial's promotions bring the news. */
static bool order_discount_runs(const struct omo_world *w, uint32_t channel,
                                const omo_promotion_options *o)
{
    const omo_home side =
        w->model->demand.channel[channel].kind->online ? OMO_HOME_ONLINE : OMO_HOME_STORE;
    int64_t seen_us = w->now_us;

    if (o->home != OMO_HOME_ALL && o->home != side) {
        const struct sync sync = model_sync(w->model, OMO_DATA_PROMOTIONS);
        seen_us = sync_seen_us(&sync, w->now_us);
    }
    return seen_us != SYNC_NOTHING && seen_us >= o->from_us &&
           (o->until_us == 0 || seen_us < o->until_us);
}

/* What a promotion grants a basket, its budget aside. */
static int64_t order_discount_one(const struct omo_world *w, const struct customer *customer,
                                  uint32_t channel, const struct promotion *p,
                                  struct promotion_query q)
{
    const omo_promotion_options *o = &p->options;

    if (o->channel_mask != 0 && (o->channel_mask >> channel & 1) == 0)
        return 0;
    if (!order_discount_runs(w, channel, o))
        return 0;
    /* Looked up only where it can matter: no kind grants anything below its threshold. */
    q.holds_coupon =
        q.basket_cents >= o->threshold_cents && order_discount_holds(w, customer, channel, p);
    int64_t discount = p->kind->discount(o, &q);
    OMO_ASSERT(discount >= 0 && discount <= q.basket_cents);
    return discount;
}

int64_t order_discount(const struct omo_world *w, const struct customer *customer, uint32_t channel,
                       struct promotion_query basket, struct discount *ret_discount)
{
    const struct demand *d = &w->model->demand;

    *ret_discount = (struct discount){.promotion = OMO_NONE, .turned_down = OMO_NONE};
    for (uint32_t i = 0; i < d->promotion_count; i++) {
        int64_t cents = order_discount_one(w, customer, channel, &d->promotion[i], basket);
        if (order_discount_spent(w, &d->promotion[i])) {
            if (cents > ret_discount->turned_down_cents) {
                ret_discount->turned_down_cents = cents;
                ret_discount->turned_down = i;
            }
        } else if (cents > ret_discount->cents) {
            ret_discount->cents = cents;
            ret_discount->promotion = i;
        }
    }
    return ret_discount->cents;
}

void order_discount_settle(struct omo_world *w, const struct customer *customer,
                           struct feed_about about, const struct discount *discount)
{
    const struct demand *d = &w->model->demand;

    if (discount->turned_down_cents > discount->cents)
        feed_money(&w->feed, FACT_TURNED_DOWN, about, discount->turned_down,
                   discount->turned_down_cents);
    if (discount->cents == 0)
        return;
    uint32_t coupon = d->promotion[discount->promotion].coupon;
    feed_money(&w->feed, FACT_DISCOUNT, about, discount->promotion, discount->cents);
    if (coupon == OMO_NONE)
        return;
    struct member *e = members_find(&w->members, customer->member);
    OMO_ASSERT(e != NULL && (e->coupon[coupon] & 1) != 0);
    e->coupon[coupon] &= (uint8_t)~1u;
    w->members.coupons_held--;
    w->redeemed[coupon]++;
    feed_money(&w->feed, FACT_REDEEMED, about, 1, discount->cents);
}
