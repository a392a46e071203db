/* The touch point: whether it is open, what a visit to it costs, at which step a customer gives up,
 * and what a purchase brings about.
 *
 * A channel that is closed, or down, is not among the choices of a visit. Who has chosen one costs
 * its traffic at once, bought or not, and goes through its steps; at each some give up (the funnel:
 * the share that buys is the product of the shares that go on). They give up before it is known what
 * the chain could have served, so that friction is never mistaken for a lack of stock: no line is
 * wanted then. The word of a step depends on its number alone, so that a page less leaves all
 * customers who would have come through it as they were.
 *
 * A customer is won with the first purchase. Of the people of the zones' populations that is
 * remembered, a bit each and only where some channel pays for it; of others nobody can tell, so each
 * purchase of an unknown wins one. */
#include "base/maths.h"
#include "base/money.h"
#include "flow/world.h"

#define ORDER_TOUCH_YEAR_US (365 * OMO_US_PER_DAY)

static bool order_touch_hours(const omo_channel_options *o, int64_t now_us)
{
    int64_t time_us = now_us % OMO_US_PER_DAY;

    if (o->opens_us == o->closes_us)
        return true;
    if (o->opens_us < o->closes_us)
        return time_us >= o->opens_us && time_us < o->closes_us;
    return time_us >= o->opens_us || time_us < o->closes_us;
}

bool order_touch_works(const struct omo_world *w, uint32_t channel)
{
    return w->touch[channel].down == 0 &&
           order_touch_hours(&w->model->demand.channel[channel].options, w->now_us);
}

bool order_touch_open(const struct omo_world *w, const struct customer *c, uint32_t channel)
{
    bool asked = (c->channels >> channel & 1) != 0;

    return (asked || !channel_is_followed(w->model->demand.channel[channel].kind)) &&
           order_touch_works(w, channel);
}

uint32_t order_touch_shop(const struct omo_world *w, const struct customer *c,
                          const struct channel *channel, int64_t *ret_distance_mm)
{
    uint32_t needs = OMO_SELLS_ON_SITE | (channel->kind->shelf ? channel->mode->capability : 0);

    for (uint32_t i = 0; i < c->store_count; i++) {
        const struct reach_near *near = &c->store[i];
        if (channel->radius_mm != 0 && near->distance_mm > channel->radius_mm)
            return OMO_NONE;
        if (near->place == c->avoid ||
            (w->model->network.place[near->place].capabilities & needs) != needs)
            continue;
        *ret_distance_mm = near->distance_mm;
        return near->place;
    }
    return OMO_NONE;
}

void order_touch_shelf(const struct omo_world *w, const struct customer *c,
                       const struct channel *channel, const struct wish *wish,
                       struct candidates *ret)
{
    const struct network *n = &w->model->network;
    uint32_t shop = order_touch_shop(w, c, channel, &ret->distance_mm[0]);

    ret->count = shop != OMO_NONE;
    ret->place[0] = shop;
    for (uint32_t line = 0; line < wish->line_count && shop != OMO_NONE; line++) {
        size_t position = network_position(n, &n->place[shop], wish->sku[line]);
        ret->available[line] =
            position == SIZE_MAX ? 0 : stock_pool_units(&w->stock, position, STOCK_SHOP);
    }
}

static const omo_terms *order_touch_terms(const struct omo_world *w, uint32_t channel)
{
    uint32_t terms = w->touch[channel].terms;

    return terms != 0 ? &w->model->demand.channel[channel].options.terms[terms - 1] : NULL;
}

uint32_t order_touch_commission_ppm(const struct omo_world *w, uint32_t channel)
{
    const omo_terms *terms = order_touch_terms(w, channel);

    return terms != NULL ? terms->commission_ppm
                         : w->model->demand.channel[channel].options.commission_ppm;
}

static int64_t order_touch_visit_cents(const struct omo_world *w, uint32_t channel)
{
    const omo_terms *terms = order_touch_terms(w, channel);

    return terms != NULL ? terms->visit_cost_cents
                         : w->model->demand.channel[channel].options.visit_cost_cents;
}

/* The step at which the customer gives up, from 1; 0 = goes through all. */
static uint32_t order_touch_step(const struct omo_world *w, const omo_channel_options *o,
                                 uint64_t order)
{
    struct draw_cursor cursor;

    draw_begin(&cursor, w->key, DRAW_ABANDON, order, 0);
    for (uint32_t i = 0; i < o->step_count; i++)
        if (draw_share(&cursor, o->step[i].abandon_ppm))
            return i + 1;
    return 0;
}

void order_touch_traffic(struct omo_world *w, struct feed_about about)
{
    int64_t visit_cents = order_touch_visit_cents(w, about.channel);

    if (visit_cents != 0)
        feed_money(&w->feed, FACT_TRAFFIC, about, 0, visit_cents);
}

bool order_touch_enter(struct omo_world *w, const struct customer *c, const struct basket *b,
                       struct feed_about about)
{
    const struct channel *ch = &w->model->demand.channel[about.channel];
    uint32_t step = order_touch_step(w, &ch->options, c->order);
    if (step != 0) {
        feed_money(&w->feed, FACT_ABANDONED, about, step, b->cents);
        return false;
    }
    if (ch->kind->way != CHANNEL_GROUPS)
        return true;
    group_buy_join(w, c, b, about.channel);
    return false;
}

/* ---- after a purchase ------------------------------------------------------------------------ */

/* Whether this purchase wins a customer; remembers it. */
static bool order_touch_wins(struct omo_world *w, const struct customer *c, uint64_t order)
{
    uint32_t person = c->member != OMO_NONE ? c->member : c->prospect;

    if (c->cause == FOLLOW_RENEWAL || (order & ORDERS_SWITCHED) != 0)
        return false;
    if (person == OMO_NONE)
        return true;
    uint8_t bit = (uint8_t)(1u << (person % 8));
    bool known = (w->won[person / 8] & bit) != 0;
    w->won[person / 8] |= bit;
    return !known;
}

/* What a customer costs who is won now. */
static int64_t order_touch_acquisition(const struct omo_world *w, const omo_channel_options *o)
{
    double years = (double)w->now_us / (double)ORDER_TOUCH_YEAR_US;
    double growth = (double)o->acquisition_growth_ppm / (double)OMO_PPM;

    if (o->acquisition_growth_ppm == 0)
        return o->acquisition_cents;
    return (int64_t)((double)o->acquisition_cents * maths_pow(1.0 + growth, years) + 0.5);
}

/* The shop whose guide is credited: the nearest that sells on site. */
static uint32_t order_touch_guide(const struct omo_world *w, const struct customer *c)
{
    for (uint32_t i = 0; i < c->store_count; i++) {
        uint32_t place = c->store[i].place;
        if ((w->model->network.place[place].capabilities & OMO_SELLS_ON_SITE) != 0)
            return place;
    }
    return OMO_NONE;
}

void order_touch_paid(struct omo_world *w, const struct customer *c, struct feed_about about,
                      int64_t net_cents)
{
    const struct demand *d = &w->model->demand;
    const struct channel *ch = &d->channel[about.channel];
    const omo_channel_options *o = &ch->options;

    if (o->agent_cost_cents != 0)
        feed_money(&w->feed, FACT_AGENT, about, 0, o->agent_cost_cents);
    if (d->acquires && order_touch_wins(w, c, about.order))
        feed_money(&w->feed, FACT_ACQUIRED, about, 1, order_touch_acquisition(w, o));
    if (ch->kind->guided) {
        struct feed_about guide = about;
        guide.place = order_touch_guide(w, c);
        feed_money(&w->feed, FACT_GUIDED, guide, 0, money_share(net_cents, o->guide_share_ppm));
    }
    if (c->cause == FOLLOW_INVITED)
        feed_money(&w->feed, FACT_BROUGHT, about, c->depth, net_cents);
    if (c->cause == FOLLOW_RENEWAL)
        feed_money(&w->feed, FACT_RENEWED, about, 0, net_cents);
    if (d->sharing != 0)
        share_link(w, c, about);
    if (d->subscribing != 0 && c->cause != FOLLOW_RENEWAL)
        subscription_offer(w, c, about);
}

void order_touch_aisle(struct omo_world *w, const struct customer *c, struct feed_about about,
                       const struct order_line *line, uint32_t line_count)
{
    const struct network *n = &w->model->network;
    int64_t distance_mm;

    about.place = order_touch_shop(w, c, &w->model->demand.channel[about.channel], &distance_mm);
    if (about.place == OMO_NONE)
        return;
    for (uint32_t i = 0; i < line_count; i++)
        if (line[i].quantity > 0 &&
            network_position(n, &n->place[about.place], line[i].sku) == SIZE_MAX)
            feed_line(&w->feed, FACT_AISLE, about, line[i].sku, line[i].quantity, line[i].cents);
}
