/* What a customer sees and chooses.
 *
 * The channels of the segment are looked at in turn (price after promotions, fee, distance, wait,
 * what is shown as sold out). A channel is one alternative, or several where it offers places or
 * time slots of its own; one uniform word decides among all of them and nothing. What the customer
 * was shown is what routing gets. Looking costs once a channel, not once an alternative: prices and
 * stock do not depend on the slot. */
#include "flow/world.h"

/* A place that a customer of this channel could go to: the i-th of the list is far, unfit or no. */
static bool order_choose_fits(const struct omo_world *w, const struct customer *c,
                              const struct channel *channel, uint32_t i)
{
    uint32_t place = c->store[i].place;

    return (w->model->network.place[place].capabilities & channel->mode->capability) != 0 &&
           place != c->avoid;
}

uint32_t order_choose_shop(const struct omo_world *w, const struct customer *c,
                           const struct channel *channel, int64_t *ret_distance_mm)
{
    for (uint32_t i = 0; i < c->store_count; i++) {
        if (channel->radius_mm != 0 && c->store[i].distance_mm > channel->radius_mm)
            return OMO_NONE;
        if (!order_choose_fits(w, c, channel, i))
            continue;
        *ret_distance_mm = c->store[i].distance_mm;
        return c->store[i].place;
    }
    return OMO_NONE;
}

/* Value at list prices of what candidates `first` to `last` together show as sold out. */
static int64_t order_choose_missing(const struct basket *b, const struct candidates *c,
                                    uint32_t first, uint32_t last)
{
    int64_t missing = 0;

    for (uint32_t line = 0; line < b->line_count; line++) {
        int64_t shown = 0;
        for (uint32_t i = first; i < last; i++)
            shown += c->available[line * c->count + i];
        int64_t short_units = core_max_i64(0, b->quantity[line] - shown);
        missing += b->line_cents[line] / b->quantity[line] * short_units;
    }
    return missing;
}

/* A shelf is seldom in the cache; by the time the customer has chosen, it will be. */
static void order_choose_prefetch(const struct omo_world *w, const struct basket *b, uint32_t shop)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < b->line_count; i++) {
        size_t position = network_position(n, &n->place[shop], b->sku[i]);
        if (position != SIZE_MAX)
            __builtin_prefetch(&w->stock.available[position], 1);
    }
}

struct order_choose_table { /* what the alternatives of one visit need, on the stack */
    uint32_t count;
    double utility[OMO_ALTERNATIVES_MAX];
    bool open[OMO_ALTERNATIVES_MAX];
    uint8_t channel[OMO_ALTERNATIVES_MAX];
    uint8_t candidate[OMO_ALTERNATIVES_MAX]; /* ORDER_CHOOSE_ALL, or the only one */
    uint32_t shop[OMO_ALTERNATIVES_MAX];     /* of those who take away */
    int64_t slot[OMO_ALTERNATIVES_MAX];      /* number, or ORDER_SLOT_NONE */
    struct candidates candidates[OMO_CHANNELS_MAX];
};

#define ORDER_CHOOSE_ALL UINT8_MAX

struct order_choose_look { /* at one channel */
    struct omo_world *w;
    const struct customer *c;
    const struct basket *b;
    const struct segment *s;
    const struct channel *channel;
    struct order_choose_table *t;
};

static void order_choose_add(const struct order_choose_look *l, const struct behaviour_option *o,
                             uint8_t candidate, uint32_t shop, int64_t slot)
{
    struct order_choose_table *t = l->t;
    uint32_t i = t->count++;

    OMO_ASSERT(i < OMO_ALTERNATIVES_MAX);
    t->channel[i] = (uint8_t)o->channel;
    t->candidate[i] = candidate;
    t->shop[i] = shop;
    t->slot[i] = slot;
    t->open[i] = o->open;
    t->utility[i] = behaviour_utility(l->s, l->channel, o, l->b->cents);
}

/* The shops that the customer could walk into, nearest first. */
static void order_choose_shops(const struct order_choose_look *l, struct behaviour_option *o)
{
    const struct channel *ch = l->channel;
    const struct network *n = &l->w->model->network;
    uint32_t found = 0;

    for (uint32_t i = 0; i < l->c->store_count && found < ch->options.place_count; i++) {
        if (ch->radius_mm != 0 && l->c->store[i].distance_mm > ch->radius_mm)
            break;
        if (!order_choose_fits(l->w, l->c, ch, i))
            continue;
        uint32_t shop = l->c->store[i].place;
        o->open = true;
        o->distance_mm = l->c->store[i].distance_mm;
        o->size_log = n->place[shop].size_log;
        if (l->s->sees_queue)
            o->wait_us = ch->options.promise_us + order_till_wait_us(l->w, shop);
        order_choose_prefetch(l->w, l->b, shop);
        order_choose_add(l, o, ORDER_CHOOSE_ALL, shop, ORDER_SLOT_NONE);
        found++;
    }
}

/* One way of getting the goods, at each of the time slots that are free there. */
static void order_choose_slots(const struct order_choose_look *l, struct behaviour_option *o,
                               uint8_t candidate, uint32_t place)
{
    const struct channel *ch = l->channel;

    if (ch->options.slot_us == 0) {
        order_choose_add(l, o, candidate, OMO_NONE, ORDER_SLOT_NONE);
        return;
    }
    int64_t slot = order_slot_first(ch, l->w->now_us);
    for (uint32_t i = 0; i < ch->options.slot_count; i++, slot++) {
        int64_t begin_us = order_slot_begin_us(ch, slot);
        if (!order_slot_free(l->w, ch, place, slot))
            continue;
        o->wait_us = begin_us - l->w->now_us;
        o->slot_utility = l->s->slot_utility[begin_us % OMO_US_PER_DAY / OMO_US_PER_HOUR];
        order_choose_add(l, o, candidate, OMO_NONE, slot);
    }
}

/* Ordered now, handed over later: the candidates together, or each of the nearest on its own. */
static void order_choose_ordered(const struct order_choose_look *l, const struct wish *wish,
                                 struct behaviour_option *o)
{
    const struct channel *ch = l->channel;
    struct candidates *cand = &l->t->candidates[o->channel];

    order_gather(l->w, l->c, o->channel, wish, cand);
    if (cand->count == 0)
        return;
    o->open = true;
    o->fee_cents = order_fee(ch, l->b->cents);
    if (ch->mode->path == MODE_COLLECT && ch->options.place_count > 1) {
        for (uint32_t i = 0; i < cand->count && i < ch->options.place_count; i++) {
            o->distance_mm = cand->distance_mm[i];
            o->missing_cents = order_choose_missing(l->b, cand, i, i + 1);
            order_choose_slots(l, o, (uint8_t)i, cand->place[i]);
        }
        return;
    }
    if (ch->mode->path == MODE_COLLECT)
        order_gather_pickup(cand, wish);
    o->distance_mm = cand->locker != OMO_NONE ? cand->locker_mm : cand->distance_mm[0];
    o->missing_cents = order_choose_missing(l->b, cand, 0, cand->count);
    order_choose_slots(l, o, ORDER_CHOOSE_ALL, cand->place[0]);
}

static void order_choose_look(const struct order_choose_look *l, const struct wish *wish,
                              uint32_t channel)
{
    const struct promotion_query basket = {l->b->line_count, l->b->line_cents, l->b->cents, false};
    struct behaviour_option o = {.channel = channel, .wait_us = l->channel->options.promise_us};
    struct discount discount;

    if (l->c->channels != 0 && (l->c->channels >> channel & 1) == 0)
        return;
    o.discount_cents = order_discount(l->w, l->c, channel, basket, &discount);
    if (l->channel->mode->path == MODE_TAKE_AWAY)
        order_choose_shops(l, &o);
    else
        order_choose_ordered(l, wish, &o);
}

static void order_choose_lines(struct omo_world *w, const struct customer *c,
                               const struct basket *b, uint32_t channel, uint32_t place)
{
    struct feed_about about = world_about(c->order, place, channel);

    for (uint32_t i = 0; i < b->line_count; i++)
        feed_line(&w->feed, FACT_LINE, about, b->sku[i], b->quantity[i], b->line_cents[i]);
}

void order_choose_leave(struct omo_world *w, const struct customer *c)
{
    uint32_t nearest = c->store_count != 0 ? c->store[0].place : OMO_NONE;

    feed_none(&w->feed, FACT_LEFT, world_about(c->order, nearest, OMO_FACT_NO_CHANNEL), 0);
}

/* Goes on with the alternative that was chosen. */
static void order_choose_go(struct omo_world *w, const struct customer *c, const struct basket *b,
                            const struct wish *wish, struct order_choose_table *t, uint32_t chosen)
{
    uint32_t channel = t->channel[chosen], shop = t->shop[chosen];

    feed_money(&w->feed, FACT_OPENED, world_about(c->order, shop, channel), b->line_count,
               b->cents);
    if (shop != OMO_NONE && order_till_balks(w, c, shop, channel, b->line_count, b->cents))
        return;
    if (order_detour(w, c, b, channel, shop))
        return;
    order_choose_lines(w, c, b, channel, shop);
    if (shop != OMO_NONE) {
        order_take(w, c, b, channel, shop);
        return;
    }
    struct candidates *cand = &t->candidates[channel];
    if (t->candidate[chosen] != ORDER_CHOOSE_ALL)
        order_gather_only(cand, wish, t->candidate[chosen]);
    cand->slot = t->slot[chosen];
    order_place(w, c, c->order, wish, channel, cand);
}

/* Nothing is wanted any more; what somebody set out for and did not find is lost. */
static void order_choose_nothing(struct omo_world *w, const struct customer *c,
                                 const struct basket *b, const struct wish *wish)
{
    order_choose_leave(w, c);
    if (c->cause != FOLLOW_STORE)
        return;
    order_choose_lines(w, c, b, c->from_channel, c->avoid);
    order_shortage_lost(w, wish, world_about(c->order, c->avoid, c->from_channel));
}

void order_choose(struct omo_world *w, const struct customer *c, const struct basket *b,
                  const struct segment *s)
{
    struct order_choose_table t;
    struct order_choose_look look = {.w = w, .c = c, .b = b, .s = s, .t = &t};
    struct wish wish = {.line_count = b->line_count};
    struct draw_cursor cursor;

    memcpy(wish.sku, b->sku, b->line_count * sizeof(wish.sku[0]));
    memcpy(wish.quantity, b->quantity, b->line_count * sizeof(wish.quantity[0]));
    t.count = 0;
    for (uint32_t i = 0; i < s->offered_count; i++) {
        look.channel = &w->model->demand.channel[s->offered[i]];
        order_choose_look(&look, &wish, s->offered[i]);
    }
    behaviour_nest(s, t.channel, t.open, t.count, t.utility);
    draw_begin(&cursor, w->key, DRAW_CHOICE, c->order, 0);
    uint32_t chosen = behaviour_choose(t.utility, t.open, t.count, &cursor);
    if (chosen == BEHAVIOUR_NOTHING)
        order_choose_nothing(w, c, b, &wish);
    else
        order_choose_go(w, c, b, &wish, &t, chosen);
}
