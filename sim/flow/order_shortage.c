/* What a customer does about lines that the shop lacks.
 *
 * One word decides for the visit: order it online (where stock is merged), take something like it,
 * order it at the shop's screen, go to another shop, wait for it here, or go without. Substitutes
 * and backorders are part of what is paid at the till; the rest happens afterwards. What a reaction
 * can't do (no channel shows the goods, nothing like it on the shelf) is lost.
 *
 * Like it means: the nearest in popularity whose price is between two thirds and one and a half of
 * the wanted one's. Looking is bounded: 64 ranks to either side. Who goes to another shop takes the
 * lines along that the first one had nothing of; a line that was served in part is not worth the
 * trip. They go once. */
#include "flow/world.h"

#define ORDER_SHORTAGE_RANKS 64

enum shortage_reaction order_shortage_reaction(const struct omo_world *w, const struct customer *c)
{
    const struct segment *s = &w->model->demand.segment[c->segment];
    const uint32_t share[] = {
        [SHORTAGE_SWITCH] = s->switch_ppm,
        [SHORTAGE_SUBSTITUTE] = s->stockout.substitute_ppm,
        [SHORTAGE_SCREEN] = s->stockout.endless_aisle_ppm,
        [SHORTAGE_ELSEWHERE] = s->stockout.other_store_ppm,
        [SHORTAGE_BACKORDER] = s->stockout.backorder_ppm,
    };
    struct draw_cursor cursor;

    draw_begin(&cursor, w->key, DRAW_SHORTAGE, c->order, 0);
    uint32_t u = draw_below(&cursor, OMO_PPM);
    for (enum shortage_reaction r = SHORTAGE_SWITCH; r < SHORTAGE_LEAVE; r++) {
        if (u < share[r]) {
            bool can = r == SHORTAGE_SWITCH      ? w->model->integration.inventory == OMO_MERGED
                       : r == SHORTAGE_ELSEWHERE ? (c->order & ORDERS_FOLLOWS) == 0
                                                 : true;
            return can ? r : SHORTAGE_LEAVE;
        }
        u -= share[r];
    }
    return SHORTAGE_LEAVE;
}

/* Whether the shelf has so many of a SKU that does for another one. */
static bool order_shortage_does(const struct omo_world *w, uint32_t place, uint32_t sku,
                                uint32_t wanted, int32_t quantity)
{
    const struct network *n = &w->model->network;
    int64_t price = n->price_cents[sku], asked = n->price_cents[wanted];
    size_t position = network_position(n, &n->place[place], sku);

    return position != SIZE_MAX && stock_here(&w->stock, position) >= quantity &&
           3 * price >= 2 * asked && 2 * price <= 3 * asked;
}

uint32_t order_shortage_substitute(const struct omo_world *w, uint32_t place, uint32_t wanted,
                                   int32_t quantity)
{
    const struct demand *d = &w->model->demand;
    uint32_t rank = d->rank_of[wanted], count = w->model->network.sku_count;

    for (uint32_t away = 1; away <= ORDER_SHORTAGE_RANKS; away++) {
        if (rank >= away && order_shortage_does(w, place, d->ranked[rank - away], wanted, quantity))
            return d->ranked[rank - away];
        if (rank + away < count &&
            order_shortage_does(w, place, d->ranked[rank + away], wanted, quantity))
            return d->ranked[rank + away];
    }
    return OMO_NONE;
}

/* The customer has just seen that this shop lacks the goods, whatever the view still shows of it. */
static void order_shortage_not_here(struct candidates *c, uint32_t place, const struct wish *wish)
{
    for (uint32_t i = 0; i < c->count; i++)
        for (uint32_t line = 0; c->place[i] == place && line < wish->line_count; line++)
            c->available[line * c->count + i] = 0;
}

/* The channel of a set (bit i = channel i) that shows most of a wish; then the lowest fee, then the
 * first. OMO_NONE when none shows any. */
static uint32_t order_shortage_channel(const struct omo_world *w, const struct customer *c,
                                       const struct wish *wish, uint32_t set, uint32_t place,
                                       struct candidates *ret_best)
{
    const omo_model *m = w->model;
    const struct demand *d = &m->demand;
    struct candidates look;
    uint32_t best_channel = OMO_NONE;
    int64_t best_units = 0, best_fee = 0, cents = 0;

    for (uint32_t i = 0; i < wish->line_count; i++)
        cents += (int64_t)m->network.price_cents[wish->sku[i]] * wish->quantity[i];
    for (uint32_t channel = 0; channel < d->channel_count; channel++) {
        if ((set >> channel & 1) == 0)
            continue;
        order_gather(w, c, channel, wish, &look);
        order_shortage_not_here(&look, place, wish);
        if (d->channel[channel].mode->path == MODE_COLLECT)
            order_gather_pickup(&look, wish);
        int64_t units = order_gather_units(&look, wish);
        int64_t fee = order_fee(&d->channel[channel], cents);
        if (units > best_units || (units == best_units && units > 0 && fee < best_fee)) {
            *ret_best = look;
            best_channel = channel;
            best_units = units;
            best_fee = fee;
        }
    }
    return best_channel;
}

bool order_shortage_order(struct omo_world *w, const struct customer *c, const struct wish *wish,
                          struct feed_about here, enum shortage_reaction reaction)
{
    const omo_model *m = w->model;
    const bool screen = reaction == SHORTAGE_SCREEN;
    struct candidates best = {.count = 0};
    uint32_t channel =
        order_shortage_channel(w, c, wish, screen ? m->demand.screen_mask : m->demand.online_mask,
                               here.place, &best);

    if (channel == OMO_NONE)
        return false;
    uint64_t order = c->order | ORDERS_SWITCHED;
    struct feed_about about = world_about(order, OMO_NONE, channel);
    for (uint32_t i = 0; i < wish->line_count; i++)
        feed_line(&w->feed, screen ? FACT_SCREEN : FACT_SWITCHED, here, wish->sku[i],
                  wish->quantity[i],
                  (int64_t)m->network.price_cents[wish->sku[i]] * wish->quantity[i]);
    for (uint32_t i = 0; i < wish->line_count; i++)
        feed_line(&w->feed, FACT_LINE, about, wish->sku[i], wish->quantity[i],
                  (int64_t)m->network.price_cents[wish->sku[i]] * wish->quantity[i]);
    order_place(w, c, order, wish, channel, &best);
    return true;
}

void order_shortage_elsewhere(struct omo_world *w, const struct customer *c, struct wish *wish,
                              const uint8_t *line, uint16_t lines, struct feed_about here)
{
    const struct segment *s = &w->model->demand.segment[c->segment];
    const int32_t *price_cents = w->model->network.price_cents;
    struct draw_cursor cursor;
    uint32_t kept = 0;

    if (lines == 0)
        return;
    for (uint32_t i = 0; i < wish->line_count; i++) {
        if ((lines >> line[i] & 1) == 0) {
            wish->sku[kept] = wish->sku[i];
            wish->quantity[kept++] = wish->quantity[i];
            continue;
        }
        feed_line(&w->feed, FACT_ELSEWHERE, here, wish->sku[i], wish->quantity[i],
                  (int64_t)price_cents[wish->sku[i]] * wish->quantity[i]);
    }
    wish->line_count = kept;
    draw_begin(&cursor, w->key, DRAW_DETOUR, c->order, 1);
    follow_up_later(w,
                    (struct follow_up){.identity = c->order | ORDERS_FOLLOWS,
                                       .basket = c->basket,
                                       .zone = c->zone,
                                       .segment = c->segment,
                                       .member = c->member,
                                       .channels = 1u << here.channel,
                                       .avoid = here.place,
                                       .lines = lines,
                                       .cause = FOLLOW_STORE,
                                       .from_channel = (uint8_t)here.channel},
                    w->now_us + law_draw_us(&s->stockout.travel, &cursor));
}

void order_shortage_lost(struct omo_world *w, const struct wish *wish, struct feed_about about)
{
    const omo_model *m = w->model;

    for (uint32_t i = 0; i < wish->line_count; i++) {
        int64_t value = (int64_t)m->network.price_cents[wish->sku[i]] * wish->quantity[i];
        feed_line(&w->feed, FACT_LOST, about, wish->sku[i], wish->quantity[i], value);
        if (m->costs.lost_cents != 0)
            feed_money(&w->feed, FACT_PENALTY, about, 0, m->costs.lost_cents * wish->quantity[i]);
    }
}
