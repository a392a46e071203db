/* Drawing a basket.
 *
 * Lines hold different SKUs: one that is already there is drawn again, eight times at most, and
 * then left out (with two products and three lines wanted there are two). SKUs come from an
 * alias table over popularity rank, exact in integers; lines and quantities from the segment's
 * laws, rounded to the nearest whole number. All words come from one cursor keyed by the order. */
#include "demand/basket.h"

#define BASKET_UNITS_MAX 1000

static int32_t basket_whole(const omo_law *law, struct draw_cursor *c, int32_t max)
{
    double value = law->kind == OMO_LAW_CONSTANT ? law->a : law_draw(law, c);

    if (value >= (double)max)
        return max;
    return core_max_i32(1, (int32_t)(value + 0.5));
}

/* A line is worth no more than a fact about it can hold, 21 million, at twice its list price. */
static int32_t basket_units_max(int32_t price_cents)
{
    return price_cents == 0 ? BASKET_UNITS_MAX
                            : core_min_i32(BASKET_UNITS_MAX, INT32_MAX / 2 / price_cents);
}

static bool basket_holds(const struct basket *b, uint32_t sku)
{
    for (uint32_t i = 0; i < b->line_count; i++)
        if (b->sku[i] == sku)
            return true;
    return false;
}

void basket_draw(const struct demand *d, const struct network *n, const struct segment *s,
                 struct draw_key key, uint64_t order, struct basket *ret_basket)
{
    struct basket *b = ret_basket;
    struct draw_cursor c;

    draw_begin(&c, key, DRAW_BASKET, order, 0);
    b->line_count = 0;
    b->cents = 0;
    uint32_t wanted = (uint32_t)basket_whole(&s->lines, &c, OMO_LINES_MAX);
    for (uint32_t line = 0; line < wanted; line++) {
        uint32_t sku = 0;
        bool found = false;
        for (uint32_t attempt = 0; attempt < 8 && !found; attempt++) {
            sku = d->ranked[alias_draw(s->alias, s->sku_count, &c)];
            found = !basket_holds(b, sku);
        }
        int32_t quantity = basket_whole(&s->quantity, &c, basket_units_max(n->price_cents[sku]));
        if (!found)
            continue;
        uint32_t i = b->line_count++;
        b->sku[i] = sku;
        b->quantity[i] = quantity;
        b->line_cents[i] = (int64_t)n->price_cents[sku] * quantity;
        b->cents += b->line_cents[i];
    }
}
