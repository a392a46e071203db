/* What the handlers of the shop share. Each area is a file of its own and opens with what it is about:
 *
 *     cart.c coupon.c points.c member.c            what a customer has before there is an order
 *     supply.c order.c order_place.c order_pay.c   the order's way to the customer, and back
 *     order_pick.c order_return.c order_reroute.c
 *     till.c hold.c transfer.c price.c             what happens in shops
 *     units.c once.c expiry.c                      stock and its ledger; keys; what ends by itself
 *     feed.c books.c                               what others read
 *
 * All of it runs within the call's savepoint, in the writer, unless it says that it reads. Functions
 * that return bool and take the call have answered it when they return false.
 */
#ifndef BACKEND_SHOP_H
#define BACKEND_SHOP_H

#include "backend/router.h"
#include "backend/schema_shop.h"

#define SHOP_LINES_MAX 100                       /* of a cart */
#define SHOP_PARTS_MAX 200                       /* of an order: lines may be split over places */
#define SHOP_CENTS_MAX INT64_C(1000000000000000) /* of a cart: 10^13 units of money */
#define SHOP_POINT_CENTS 100                     /* paid, that earn a point */
#define SHOP_POINT_WORTH_CENTS 1                 /* taken off for a point that is spent */

/* ---- names (shop.c) */
struct shop_product {
    int64_t id, price_cents, old_price_cents;
    const char *name;
};
bool shop_place(struct call *call, const char *name, int64_t *ret_place);
bool shop_product(struct call *call, const char *name, struct shop_product *ret_product);
/* Body's `sku` and `quantity`. */
bool shop_goods(struct call *call, struct shop_product *ret_product, int64_t *ret_quantity);
/* The body's `place`, which must be the clerk's own. */
bool shop_own_place(struct call *call, int64_t *ret_place);
/* Names of a position's place and product. Borrowed from the directory. */
const char *shop_place_name(const struct call *call, int64_t position);
const char *shop_product_name(const struct call *call, int64_t position);
/* When a reservation that is made now ends. */
int64_t shop_until_us(const struct call *call);

/* For faults that look, then act: true = it has looked, `seen` is kept, the handler must return and
 * is called again; then false, and *seen is what it saw the first time. */
bool shop_pause(struct call *call, void *seen, size_t seen_size);

/* ---- units.c */
static inline int64_t units_position(int64_t place, int64_t product)
{
    return place << 32 | product;
}
/* Units that may be promised; 0 where the place does not have the product. */
int64_t units_available(struct call *call, int64_t position);
struct units_change {
    int64_t position, on_hand, reserved; /* added to the figures */
    const char *reason, *reference;      /* for the ledger */
};
/* False (and nothing done) when less than 0 would be available afterwards. */
bool units_take(struct call *call, const struct units_change *change);
/* Whatever is there; the position may be new. */
void units_put(struct call *call, const struct units_change *change);

/* ---- cart.c */
struct shop_line {
    int64_t product, quantity, price_cents;
    int64_t old_price_cents; /* price list of the fault price-skew */
};
struct cart {
    int64_t id, coupon; /* row; 0 = none */
    const char *name;
    struct shop_line line[SHOP_LINES_MAX];
    uint32_t line_count;
    int64_t gross_cents, discount_cents;
};
/* Of the member who asks: 404, 403. */
bool cart_load(struct call *call, const char *name, struct cart *ret_cart);
void cart_close(struct call *call, const struct cart *cart);
json_t *cart_json(struct call *call, const struct cart *cart);

/* ---- coupon.c */
int64_t coupon_discount(struct call *call, int64_t coupon, int64_t gross_cents);
/* What a cart holds becomes an order's. */
void coupon_redeem(struct call *call, int64_t coupon, int64_t order);
void coupon_release(struct call *call, int64_t coupon, int64_t member);
void coupon_give_back(struct call *call, int64_t order, int64_t coupon, int64_t member);

/* ---- members (sessions.c) */
/* Row of the member of that name; 0 = there is none. */
int64_t member_find(struct call *call, const char *name);
/* The same of somebody who shows a card of before the shop was online. */
int64_t member_of_card(struct call *call, const char *card);
/* By `kind` ("card", "phone") and its value (member.c); 0 = nobody has it. */
int64_t member_of_identity(struct call *call, const char *kind, const char *value);
/* A new one. Returns the row. */
int64_t member_make(struct call *call, const char *name);

/* ---- points.c */
/* Points come (above 0) or go; in the ledger and on the balance. */
void points_add(struct call *call, int64_t member, int64_t points, const char *reason,
                const char *reference);
int64_t points_balance(struct call *call, int64_t member);
/* The fault lost-update-points: true = return, it goes on later. *ret_balance is what was read. */
bool points_pause(struct call *call, int64_t member, int64_t *ret_balance);
/* Writes what it has made of a balance that it read before. */
void points_overwrite(struct call *call, int64_t member, int64_t balance);

/* ---- supply.c */
struct supply_part {
    uint32_t line;
    int64_t place, quantity;
};
struct supply {
    struct supply_part part[SHOP_PARTS_MAX];
    uint32_t count;
};
/* False when some line cannot be had anywhere; nothing is answered. place 0 = anywhere. */
bool supply_plan(struct call *call, int64_t place, const struct shop_line *line,
                 uint32_t line_count, struct supply *ret_supply);

/* ---- order.c */
struct order {
    int64_t id, member, place, status, until_us, units, gross_cents, discount_cents, total_cents;
    int64_t paid_cents, coupon, points_spent, points_given, points_earned, points_taken, asked;
    int64_t picked, ready, handed_over, returned; /* units of all lines */
    char reference[CALL_ID_MAX + 1], code[16];
};
enum order_look { ORDER_OF_MEMBER, ORDER_OF_ANYBODY };
/* The order of a reference, the latest one; false without an answer when there is none. */
bool order_find(struct call *call, const char *reference, struct order *ret_order);
/* From a row of order_find or its sisters, bound before. */
bool order_by(struct call *call, enum statement statement, struct order *ret_order);
/* The order that the path names: 404, 403. */
bool order_load(struct call *call, enum order_look look, struct order *ret_order);
/* Reads how far its lines are, again. */
void order_progress(struct call *call, struct order *order);
struct order_part { /* a line of an order */
    int64_t number, position, quantity, picked, ready, handed_over, returned, price_cents;
};
/* Its lines, at most SHOP_PARTS_MAX; returns how many. */
uint32_t order_parts(struct call *call, int64_t order, struct order_part *ret_part);
/* Cancelled, or not paid in time and about to be. */
bool order_has_ended(const struct call *call, const struct order *order);
json_t *order_json(struct call *call, const struct order *order);
void order_answer(struct call *call, uint32_t status, const struct order *order);
/* Ends an order: releases its units, pays back, gives coupon and points back. */
void order_end(struct call *call, struct order *order, const char *reason);
/* Pays back so much of it and takes the points back that were earned with it. Returns those. */
int64_t order_refund(struct call *call, struct order *order, int64_t cents);

/* ---- once.c */
/* Runs the handler, or answers as it did before for the same Idempotency-Key. */
void once(struct call *call, call_handler *handler);
/* A number of texts, the same for the same ones. NULL-terminated. */
int64_t once_hash(const char *text, ...) G_GNUC_NULL_TERMINATED;

/* ---- expiry.c */
/* Ends what has lapsed: at most `limit` orders, holds, carts each. Returns how many. The writer calls
 * it now and then in a transaction, with a call of its own that has store, faults, shared and
 * now_us. */
uint32_t expiry_sweep(struct call *call, uint32_t limit);
/* Forgets carts of a week ago and keys of yesterday, a few each time. */
void expiry_tidy(struct call *call, uint32_t limit);
#define EXPIRY_SOME 16 /* before somebody is turned away */

#endif
