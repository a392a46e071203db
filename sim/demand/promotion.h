/* The contract of a kind of promotion: what a basket is granted. An instance is a group of the
 * scenario. */
#ifndef OMO_DEMAND_PROMOTION_H
#define OMO_DEMAND_PROMOTION_H

#include <omosim/model.h>

#include "base/core.h"

struct promotion_query {
    uint32_t line_count;
    const int64_t *line_cents; /* [line] value at list prices */
    int64_t basket_cents;      /* their sum */
    /* the visitor is recognised here and holds a claimed coupon of this promotion */
    bool holds_coupon;
};

struct promotion_kind {
    const char *name;
    const char *help;
    bool needs_coupon; /* members claim one online and redeem it once */
    /* Sets the kind's own defaults in general ones. */
    void (*defaults)(omo_promotion_options *options);
    /* NULL when the options make sense for the kind, else what is wrong with them. */
    const char *(*check)(const omo_promotion_options *options);
    /* Discount in cents, 0..basket_cents. */
    int64_t (*discount)(const omo_promotion_options *options, const struct promotion_query *q);
};

extern const struct promotion_kind *const promotion_registry[];
extern const uint32_t promotion_registry_count;
const struct promotion_kind *promotion_find(const char *name);

#endif
