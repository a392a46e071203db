/* Subscriptions: the same basket, period after period.
 *
 * A subscription is a follow-up that makes the next one: nothing else is stored about it. At the
 * beginning of each period the subscriber cancels or goes on; who goes on may leave this period out,
 * else the basket is ordered without choosing and without steps. So with a probability c to cancel and
 * s to skip, a subscription brings (1 - s) (1 - c) / c orders in the mean: a geometric law. A period in
 * which the channel is closed or down, or no place is within reach, is left out too. */
#include "flow/world.h"

static void subscription_next(struct omo_world *w, const struct customer *c, uint32_t channel,
                              uint64_t identity, uint8_t from_channel)
{
    follow_up_later(w,
                    (struct follow_up){
                        .identity = identity,
                        .basket = c->basket,
                        .zone = c->zone,
                        .segment = c->segment,
                        .member = c->member != OMO_NONE ? c->member : c->prospect,
                        .channels = UINT32_C(1) << channel,
                        .avoid = OMO_NONE,
                        .cause = FOLLOW_RENEWAL,
                        .from_channel = from_channel,
                        .depth = (uint8_t)c->depth,
                    },
                    w->now_us + w->model->demand.channel[channel].options.period_us);
}

void subscription_offer(struct omo_world *w, const struct customer *c, struct feed_about about)
{
    const struct demand *d = &w->model->demand;

    for (uint32_t channel = 0; channel < d->channel_count; channel++) {
        struct draw_cursor cursor;
        if ((d->subscribing >> channel & 1) == 0)
            continue;
        draw_begin(&cursor, w->key, DRAW_SUBSCRIBE, about.order, channel);
        if (!draw_share(&cursor, d->channel[channel].options.subscribe_ppm))
            continue;
        uint64_t identity = follow_up_identity(w, c->zone, c->segment);
        feed_none(&w->feed, FACT_SUBSCRIBED, world_about(identity, OMO_NONE, channel), 1);
        gauge_add(&w->tally.gauge[GAUGE_SUBSCRIPTIONS], w->now_us, 1);
        subscription_next(w, c, channel, identity, (uint8_t)about.channel);
    }
}

/* The basket of a period is ordered. */
static void subscription_order(struct omo_world *w, const struct customer *c,
                               const struct basket *b, uint32_t channel)
{
    struct candidates candidates;
    struct wish wish;

    order_choose_wish(b, &wish);
    order_gather(w, c, channel, &wish, &candidates);
    if (w->model->demand.channel[channel].mode->path == MODE_COLLECT)
        order_gather_pickup(&candidates, &wish);
    struct feed_about about = world_about(c->order, OMO_NONE, channel);
    if (candidates.count == 0) {
        feed_none(&w->feed, FACT_SKIPPED, about, 1);
        return;
    }
    feed_money(&w->feed, FACT_OPENED, about, b->line_count, b->cents);
    order_choose_lines(w, about, b);
    order_place(w, c, c->order, &wish, channel, &candidates);
}

void subscription_end(struct omo_world *w, const struct customer *c)
{
    uint32_t channel = (uint32_t)__builtin_ctz(c->channels);

    feed_none(&w->feed, FACT_UNSUBSCRIBED, world_about(c->order, OMO_NONE, channel), 1);
    gauge_add(&w->tally.gauge[GAUGE_SUBSCRIPTIONS], w->now_us, -1);
}

void subscription_renew(struct omo_world *w, const struct customer *c, const struct basket *b)
{
    uint32_t channel = (uint32_t)__builtin_ctz(c->channels);
    const omo_channel_options *o = &w->model->demand.channel[channel].options;
    struct feed_about about = world_about(c->order, OMO_NONE, channel);
    struct draw_cursor cursor;

    draw_begin(&cursor, w->key, DRAW_RENEW, c->order, 0);
    if (draw_share(&cursor, o->cancel_ppm)) {
        subscription_end(w, c);
        return;
    }
    subscription_next(w, c, channel, follow_up_identity(w, c->zone, c->segment), (uint8_t)channel);
    if (draw_share(&cursor, o->skip_ppm) || !order_touch_open(w, c, channel))
        feed_none(&w->feed, FACT_SKIPPED, about, 1);
    else
        subscription_order(w, c, b, channel);
}
