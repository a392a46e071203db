/* Visits that only look: showrooming and webrooming; and what an order owes to an earlier visit.
 *
 * Of the visits to a shop that has all they want, a share only looks and orders online later; of
 * those who would order online, a share comes to a shop later. The second visit wants the same
 * basket, chooses among the channels of the detour (or nothing), and is not itself one that only
 * looks. Its identity is the first one's with a bit set, so that two policies meet the same pair.
 * The order that comes of it names the channel where it began, just before it is paid. */
#include "flow/world.h"

static bool order_detour_in_stock(const struct omo_world *w, const struct basket *b, uint32_t shop)
{
    const struct network *n = &w->model->network;

    for (uint32_t i = 0; i < b->line_count; i++) {
        size_t position = network_position(n, &n->place[shop], b->sku[i]);
        if (position == SIZE_MAX || w->stock.available[position] < b->quantity[i])
            return false;
    }
    return true;
}

bool order_detour(struct omo_world *w, const struct customer *c, const struct basket *b,
                  uint32_t channel, uint32_t shop)
{
    const struct segment *s = &w->model->demand.segment[c->segment];
    const bool online = shop == OMO_NONE;
    const omo_detour *detour = online ? &s->webroom : &s->showroom;
    struct draw_cursor cursor;

    if (detour->share_ppm == 0 || c->cause != FOLLOW_NONE)
        return false;
    draw_begin(&cursor, w->key, DRAW_DETOUR, c->order, 0);
    if (!draw_share(&cursor, detour->share_ppm) || (!online && !order_detour_in_stock(w, b, shop)))
        return false;
    feed_money(&w->feed, online ? FACT_WEBROOMED : FACT_SHOWROOMED,
               world_about(c->order, shop, channel), b->line_count, b->cents);
    follow_up_later(w,
                    (struct follow_up){.identity = c->order | ORDERS_FOLLOWS,
                                       .basket = c->basket,
                                       .zone = c->zone,
                                       .segment = c->segment,
                                       .member = c->member,
                                       .channels = detour->channel_mask,
                                       .avoid = OMO_NONE,
                                       .cause = online ? FOLLOW_WEBROOM : FOLLOW_SHOWROOM,
                                       .from_channel = (uint8_t)channel},
                    w->now_us + law_draw_us(&detour->delay, &cursor));
    return true;
}

void order_detour_pays(struct omo_world *w, const struct customer *c, struct feed_about about,
                       int64_t cents)
{
    if (c->from_channel == OMO_FACT_NO_CHANNEL)
        return;
    bool online = w->model->demand.channel[c->from_channel].kind->online;
    feed_money(&w->feed, online ? FACT_FROM_ONLINE : FACT_FROM_SHOP, about, c->from_channel, cents);
}
