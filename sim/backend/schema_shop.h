/* The tables of the shop's business; schema.h has those of the platform.
 *
 * Everything is a whole number or a text: units, cents, microseconds since 1970 (`..._us`), points.
 * `available` is not stored: it is position.on_hand - position.reserved.
 *
 * Three ledgers are only ever added to, and tell how the figures beside them came about:
 *
 *     movement     sum of on_hand by position + opening = position.on_hand; of reserved = reserved
 *     payment      sum by order = orders.paid_cents
 *     point_entry  sum by member = member.points
 *
 * CHECK keeps out what no request may bring about. What is missing from them on purpose is what a
 * fault of faults.def has to be able to break (available below 0, a coupon's limits, one order for a
 * reference): there the WHERE of an UPDATE, or a look-up within the transaction that acts on it, is
 * the guard. `orders` and `hold` with their `until_us` are found by the sweep (expiry.c) through
 * indices that hold nothing but what is still open.
 */
#ifndef BACKEND_SCHEMA_SHOP_H
#define BACKEND_SCHEMA_SHOP_H

enum order_status { ORDER_PLACED, ORDER_PAID, ORDER_CANCELLED };
enum hold_status { HOLD_ACTIVE, HOLD_COLLECTED, HOLD_CANCELLED };
enum transfer_status { TRANSFER_SENT, TRANSFER_RECEIVED };

/* What the shop promises to members. */
#define SCHEMA_SHOP_MEMBERS                                                                        \
    /* a card or a telephone number, by which a till knows somebody */                             \
    "CREATE TABLE identity(kind TEXT NOT NULL, value TEXT NOT NULL, member INTEGER NOT NULL,"      \
    " PRIMARY KEY(kind, value)) WITHOUT ROWID;"                                                    \
    "CREATE INDEX identity_member ON identity(member);"                                            \
    "CREATE TABLE coupon(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"                       \
    " amount_cents INTEGER NOT NULL, share_ppm INTEGER NOT NULL,"                                  \
    " threshold_cents INTEGER NOT NULL, budget INTEGER NOT NULL, per_member INTEGER NOT NULL,"     \
    " held INTEGER NOT NULL DEFAULT 0, redeemed INTEGER NOT NULL DEFAULT 0);"                      \
    /* a member's coupon; `held` counts carts, `redeemed` orders */                                \
    "CREATE TABLE claim(member INTEGER NOT NULL, coupon INTEGER NOT NULL,"                         \
    " held INTEGER NOT NULL DEFAULT 0, redeemed INTEGER NOT NULL DEFAULT 0,"                       \
    " PRIMARY KEY(member, coupon)) WITHOUT ROWID;"                                                 \
    "CREATE TABLE redemption(id INTEGER PRIMARY KEY, coupon INTEGER NOT NULL,"                     \
    " member INTEGER NOT NULL, orders INTEGER NOT NULL);"                                          \
    "CREATE INDEX redemption_orders ON redemption(orders);"                                        \
    "CREATE TABLE point_entry(id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL,"                     \
    " member INTEGER NOT NULL, points INTEGER NOT NULL, reason TEXT NOT NULL, reference TEXT);"    \
    "CREATE INDEX point_entry_member ON point_entry(member, points);"

/* Carts, orders and what they hold. */
#define SCHEMA_SHOP_ORDERS                                                                         \
    "CREATE TABLE cart(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"                         \
    " member INTEGER NOT NULL, opened_us INTEGER NOT NULL, coupon INTEGER,"                        \
    " hold_until_us INTEGER);"                                                                     \
    "CREATE INDEX cart_hold ON cart(hold_until_us) WHERE hold_until_us IS NOT NULL;"               \
    "CREATE TABLE cart_line(cart INTEGER NOT NULL, number INTEGER NOT NULL,"                       \
    " product INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK(quantity > 0),"                    \
    " price_cents INTEGER NOT NULL, PRIMARY KEY(cart, number)) WITHOUT ROWID;"                     \
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, reference TEXT NOT NULL, asked INTEGER NOT NULL," \
    " member INTEGER NOT NULL, place INTEGER, channel TEXT NOT NULL, placed_us INTEGER NOT NULL,"  \
    " status INTEGER NOT NULL DEFAULT 0 CHECK(status BETWEEN 0 AND 2), until_us INTEGER,"          \
    " units INTEGER NOT NULL, gross_cents INTEGER NOT NULL CHECK(gross_cents >= 0),"               \
    " discount_cents INTEGER NOT NULL CHECK(discount_cents BETWEEN 0 AND gross_cents),"            \
    " total_cents INTEGER NOT NULL CHECK(total_cents = gross_cents - discount_cents),"             \
    " paid_cents INTEGER NOT NULL DEFAULT 0 CHECK(paid_cents BETWEEN 0 AND total_cents),"          \
    " coupon INTEGER, points_spent INTEGER NOT NULL DEFAULT 0 CHECK(points_spent >= 0),"           \
    " points_given INTEGER NOT NULL DEFAULT 0 CHECK(points_given BETWEEN 0 AND points_spent),"     \
    " points_earned INTEGER NOT NULL DEFAULT 0 CHECK(points_earned >= 0),"                         \
    " points_taken INTEGER NOT NULL DEFAULT 0 CHECK(points_taken BETWEEN 0 AND points_earned),"    \
    " code TEXT);"                                                                                 \
    "CREATE INDEX orders_reference ON orders(reference);"                                          \
    "CREATE INDEX orders_until ON orders(until_us) WHERE until_us IS NOT NULL;"                    \
    "CREATE UNIQUE INDEX orders_code ON orders(code) WHERE code IS NOT NULL;"                      \
    "CREATE TABLE order_line(orders INTEGER NOT NULL, number INTEGER NOT NULL,"                    \
    " position INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK(quantity > 0),"                   \
    " price_cents INTEGER NOT NULL,"                                                               \
    " picked INTEGER NOT NULL DEFAULT 0 CHECK(picked BETWEEN 0 AND quantity),"                     \
    " ready INTEGER NOT NULL DEFAULT 0 CHECK(ready BETWEEN 0 AND picked),"                         \
    " handed_over INTEGER NOT NULL DEFAULT 0 CHECK(handed_over BETWEEN 0 AND picked),"             \
    " returned INTEGER NOT NULL DEFAULT 0 CHECK(returned BETWEEN 0 AND handed_over),"              \
    " PRIMARY KEY(orders, number)) WITHOUT ROWID;"                                                 \
    /* goods put aside for somebody who comes and pays at the till */                              \
    "CREATE TABLE hold(id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE,"                    \
    " member INTEGER NOT NULL, position INTEGER NOT NULL,"                                         \
    " quantity INTEGER NOT NULL CHECK(quantity > 0),"                                              \
    " status INTEGER NOT NULL DEFAULT 0 CHECK(status BETWEEN 0 AND 2), until_us INTEGER);"         \
    "CREATE INDEX hold_until ON hold(until_us) WHERE until_us IS NOT NULL;"                        \
    /* units held: for a line of an order, or for a hold */                                        \
    "CREATE TABLE reservation(id INTEGER PRIMARY KEY, orders INTEGER, line INTEGER, hold INTEGER," \
    " position INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK(quantity > 0));"                  \
    "CREATE INDEX reservation_orders ON reservation(orders) WHERE orders IS NOT NULL;"             \
    "CREATE INDEX reservation_hold ON reservation(hold) WHERE hold IS NOT NULL;"

/* What is written down once. */
#define SCHEMA_SHOP_LEDGERS                                                                        \
    "CREATE TABLE movement(id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL,"                        \
    " position INTEGER NOT NULL, on_hand INTEGER NOT NULL, reserved INTEGER NOT NULL,"             \
    " reason TEXT NOT NULL, reference TEXT);"                                                      \
    "CREATE TABLE payment(id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL,"                         \
    " orders INTEGER NOT NULL, amount_cents INTEGER NOT NULL, method TEXT NOT NULL);"              \
    "CREATE TABLE sale(id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, reference TEXT NOT NULL,"   \
    " position INTEGER NOT NULL, product INTEGER NOT NULL,"                                        \
    " quantity INTEGER NOT NULL CHECK(quantity > 0), price_cents INTEGER NOT NULL,"                \
    " amount_cents INTEGER NOT NULL CHECK(amount_cents = quantity * price_cents),"                 \
    " member INTEGER, points_earned INTEGER NOT NULL, UNIQUE(reference, product));"                \
    "CREATE TABLE transfer(id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE,"                \
    " from_place INTEGER NOT NULL, to_place INTEGER NOT NULL, product INTEGER NOT NULL,"           \
    " quantity INTEGER NOT NULL CHECK(quantity > 0),"                                              \
    " status INTEGER NOT NULL DEFAULT 0 CHECK(status BETWEEN 0 AND 1));"                           \
    /* answers by Idempotency-Key (once.c) */                                                      \
    "CREATE TABLE once(id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, who TEXT NOT NULL,"         \
    " key TEXT NOT NULL, asked INTEGER NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,"   \
    " UNIQUE(who, key));"

#define SCHEMA_SHOP SCHEMA_SHOP_MEMBERS SCHEMA_SHOP_ORDERS SCHEMA_SHOP_LEDGERS

#endif
