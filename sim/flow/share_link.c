/* Sharing: a buyer sends a link to friends, and some of them come.
 *
 * A branching process (Galton & Watson 1875): each purchase brings a number of friends who come, each
 * of whom may buy and share again. With mean m of orders that one order brings, an order that nobody
 * brought stands for 1 / (1 - m) in all; sealing refuses m >= 1 unless links are passed on a limited
 * number of times, which `depth` counts. A friend lives where the buyer does and is like the buyer, a
 * customer with an identity and a basket of their own; they come through the channel of the link
 * alone. All is keyed by the buyer's order and the channel. */
#include "flow/member.h"

#define SHARE_FRIENDS_MAX 100

static uint32_t share_link_friends(const omo_law *law, struct draw_cursor *c)
{
    double count = law_draw(law, c);

    return count >= SHARE_FRIENDS_MAX ? SHARE_FRIENDS_MAX : (uint32_t)(count + 0.5);
}

static void share_link_invite(struct omo_world *w, const struct customer *c,
                              struct feed_about about, uint32_t channel, int64_t at_us)
{
    uint64_t identity = follow_up_identity(w, c->zone, c->segment);

    follow_up_later(w,
                    (struct follow_up){
                        .identity = identity,
                        .basket = identity,
                        .zone = c->zone,
                        .segment = c->segment,
                        .member = member_draw(w, identity, c->zone,
                                              &w->model->demand.segment[c->segment]),
                        .channels = UINT32_C(1) << channel,
                        .avoid = OMO_NONE,
                        .cause = FOLLOW_INVITED,
                        .from_channel = (uint8_t)about.channel,
                        .depth = (uint8_t)core_min_u32(c->depth + 1, UINT8_MAX),
                    },
                    at_us);
}

void share_link(struct omo_world *w, const struct customer *c, struct feed_about about)
{
    const struct demand *d = &w->model->demand;

    for (uint32_t channel = 0; channel < d->channel_count; channel++) {
        const omo_channel_options *o = &d->channel[channel].options;
        struct draw_cursor cursor;
        uint32_t come = 0;
        if ((d->sharing >> channel & 1) == 0 || (o->generations != 0 && c->depth >= o->generations))
            continue;
        draw_begin(&cursor, w->key, DRAW_SHARE, about.order, channel);
        if (!draw_share(&cursor, o->share_ppm))
            continue;
        uint32_t friends = share_link_friends(&o->friends, &cursor);
        for (uint32_t i = 0; i < friends && w->status == OMO_OK; i++) {
            if (!draw_share(&cursor, o->come_ppm))
                continue;
            come++;
            share_link_invite(w, c, about, channel,
                              w->now_us + law_draw_us(&o->come_after, &cursor));
        }
        feed_none(&w->feed, FACT_SHARED, about, come);
    }
}
