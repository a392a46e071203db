/* What a customer sees and chooses.
 *
 * The channels of the segment are looked at in turn (price after promotions, fee, distance, what is
 * shown as sold out) and one uniform word decides. What the customer was shown is what routing gets.
 */
#include "flow/world.h"

uint32_t order_choose_shop(const struct omo_world *w, const struct customer *c,
                           const struct channel *channel, int64_t *ret_distance_mm)
{
    for (uint32_t i = 0; i < c->store_count; i++) {
        if (channel->radius_mm != 0 && c->store[i].distance_mm > channel->radius_mm)
            return OMO_NONE;
        if ((w->model->network.place[c->store[i].place].capabilities & channel->mode->capability) ==
            0)
            continue;
        *ret_distance_mm = c->store[i].distance_mm;
        return c->store[i].place;
    }
    return OMO_NONE;
}

/* Value at list prices of what a channel shows as sold out. */
static int64_t order_choose_missing(const struct basket *b, const struct candidates *c)
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
static void order_choose_prefetch(const struct omo_world *w, const struct basket *b, uint32_t shop)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < b->line_count; i++) {
        size_t position = network_position(n, &n->place[shop], b->sku[i]);
        if (position != SIZE_MAX)
            __builtin_prefetch(&w->stock.available[position], 1);
    }
}

struct order_choose_table { /* what the options of one visit need, on the stack */
    struct behaviour_option option[OMO_CHANNELS_MAX];
    double utility[OMO_CHANNELS_MAX];
    bool open[OMO_CHANNELS_MAX];
    uint32_t shop[OMO_CHANNELS_MAX];
    struct candidates candidates[OMO_CHANNELS_MAX];
};

static void order_choose_look(struct omo_world *w, const struct customer *c, const struct basket *b,
                              const struct wish *wish, uint32_t i, struct order_choose_table *t)
{
    const struct segment *s = &w->model->demand.segment[c->segment];
    uint32_t channel = s->offered[i];
    const struct channel *ch = &w->model->demand.channel[channel];
    struct behaviour_option *o = &t->option[i];
    const struct promotion_query basket = {b->line_count, b->line_cents, b->cents, false};
    struct discount discount;

    *o = (struct behaviour_option){.channel = channel};
    t->open[i] = false;
    if (c->channels != 0 && (c->channels >> channel & 1) == 0)
        return;
    if (!order_touch_open(w, c, channel))
        return;
    if (ch->mode->path == MODE_TAKE_AWAY) {
        t->shop[i] = order_choose_shop(w, c, ch, &o->distance_mm);
        o->open = t->shop[i] != OMO_NONE;
        if (o->open)
            order_choose_prefetch(w, b, t->shop[i]);
    } else {
        struct candidates *cand = &t->candidates[i];
        order_gather(w, c, channel, wish, cand);
        if (ch->mode->path == MODE_COLLECT)
            order_gather_pickup(cand, wish);
        o->open = cand->count != 0;
        o->distance_mm = cand->count != 0 ? cand->distance_mm[0] : 0;
        o->missing_cents = order_choose_missing(b, cand);
        o->fee_cents = order_fee(ch, b->cents);
        if (ch->kind->in_shop && order_touch_shop(w, c, ch, &o->distance_mm) == OMO_NONE)
            o->open = false;
    }
    o->discount_cents = order_discount(w, c, channel, basket, &discount);
    t->open[i] = o->open;
    t->utility[i] = behaviour_utility(s, ch, o, b->cents);
}

void order_choose_wish(const struct basket *b, struct wish *ret_wish)
{
    ret_wish->line_count = b->line_count;
    memcpy(ret_wish->sku, b->sku, b->line_count * sizeof(b->sku[0]));
    memcpy(ret_wish->quantity, b->quantity, b->line_count * sizeof(b->quantity[0]));
}

void order_choose_lines(struct omo_world *w, struct feed_about about, const struct basket *b)
{
    for (uint32_t i = 0; i < b->line_count; i++)
        feed_line(&w->feed, FACT_LINE, about, b->sku[i], b->quantity[i], b->line_cents[i]);
}

/* False when the visit ends at the touch point. */
static bool order_choose_open(struct omo_world *w, const struct customer *c, const struct basket *b,
                              uint32_t channel, uint32_t place)
{
    struct feed_about about = world_about(c->order, place, channel);

    feed_money(&w->feed, FACT_OPENED, about, b->line_count, b->cents);
    if (!order_touch_enter(w, c, b, channel, place))
        return false;
    order_choose_lines(w, about, b);
    return true;
}

void order_choose_leave(struct omo_world *w, const struct customer *c)
{
    uint32_t nearest = c->store_count != 0 ? c->store[0].place : OMO_NONE;

    feed_none(&w->feed, FACT_LEFT, world_about(c->order, nearest, OMO_FACT_NO_CHANNEL), 0);
}

void order_choose(struct omo_world *w, const struct customer *c, const struct basket *b,
                  const struct segment *s)
{
    struct order_choose_table t;
    struct draw_cursor cursor;
    struct wish wish;

    order_choose_wish(b, &wish);
    for (uint32_t i = 0; i < s->offered_count; i++)
        order_choose_look(w, c, b, &wish, i, &t);
    draw_begin(&cursor, w->key, DRAW_CHOICE, c->order, 0);
    uint32_t chosen = behaviour_choose(t.utility, t.open, s->offered_count, &cursor);
    if (chosen == BEHAVIOUR_NOTHING) {
        order_choose_leave(w, c);
        return;
    }
    uint32_t channel = s->offered[chosen];
    if (w->model->demand.channel[channel].mode->path == MODE_TAKE_AWAY) {
        if (order_choose_open(w, c, b, channel, t.shop[chosen]))
            order_take(w, c, b, channel, t.shop[chosen]);
    } else if (order_choose_open(w, c, b, channel, OMO_NONE)) {
        order_place(w, c, c->order, &wish, channel, &t.candidates[chosen]);
    }
}
