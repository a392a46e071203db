/* Baskets: what a visitor wants, drawn before anything else so that every policy meets the same
 * wish. */
#ifndef OMO_DEMAND_BASKET_H
#define OMO_DEMAND_BASKET_H

#include "demand/demand.h"

struct basket {
    uint32_t line_count;
    uint32_t sku[OMO_LINES_MAX];
    int32_t quantity[OMO_LINES_MAX];
    int64_t line_cents[OMO_LINES_MAX]; /* at list prices */
    int64_t cents;
};

/* Fills a basket for the order's identity. */
void basket_draw(const struct demand *d, const struct network *n, const struct segment *s,
                 struct draw_key key, uint64_t order, struct basket *ret_basket);

#endif
