/* Prices that change.
 *
 * In each period a share of the SKUs, drawn anew, has another price; a price is a pure function of
 * SKU and time (two words of a keyed stream), so it needs no column, a channel that sees old prices
 * asks for an earlier time, and two policies meet the same price list. The cost of a line is one
 * Philox block where prices change, and nothing where they don't. With a lag of at most a period, an
 * order of one line meets a price that changed meanwhile with probability lag / period x
 * (1 - (1 - share)^2): at the boundary between them one of two periods has another price. */
#include "flow/world.h"

#define PRICE_FACTOR_MAX 2.0 /* demand/basket.c leaves room for it in a line's worth */

int64_t price_at(const struct omo_world *w, uint32_t sku, int64_t at_us)
{
    const omo_price_options *o = &w->model->prices;
    int64_t list_cents = w->model->network.price_cents[sku];
    struct draw_cursor c;

    if (o->every_us == 0 || at_us == SYNC_NOTHING)
        return list_cents;
    draw_begin(&c, w->key, DRAW_PRICE, (uint64_t)sku << 32 | (uint64_t)(at_us / o->every_us), 0);
    if (!draw_share(&c, o->share_ppm))
        return list_cents;
    double factor = law_draw(&o->factor, &c);
    return (int64_t)((double)list_cents * (factor < PRICE_FACTOR_MAX ? factor : PRICE_FACTOR_MAX) +
                     0.5);
}

int64_t price_now(const struct omo_world *w, uint32_t sku) { return price_at(w, sku, w->now_us); }

int64_t price_shown(const struct omo_world *w, uint32_t sku)
{
    const struct sync sync = model_sync(w->model, OMO_DATA_PRICES);

    return price_at(w, sku, sync_seen_us(&sync, w->now_us));
}
