/* A small commerce service and its customers, for the audit to judge: random orders, cancellations,
 * returns, till sales, coupons, points, deliveries, price changes, over a network that loses and
 * delays, with retries and double taps. What it answers becomes a history, what it has in the end
 * books. It keeps its promises, but for one bug that may be switched on. */
#ifndef TESTS_REPLAY_AUDIT_SHOP_H
#define TESTS_REPLAY_AUDIT_SHOP_H

#include "replay/audit_case.h"

/* BUG(NAME, invariant that must find it) */
#define SHOP_BUGS                                                                                  \
    BUG(oversell, units_sold_once)                                                                 \
    BUG(oversell_at_till, units_sold_once)                                                         \
    BUG(lose_order, orders_kept)                                                                   \
    BUG(lose_line, orders_kept)                                                                    \
    BUG(lose_sale, orders_kept)                                                                    \
    BUG(give_up_paid, orders_kept)                                                                 \
    BUG(order_twice, orders_once)                                                                  \
    BUG(sell_twice, orders_once)                                                                   \
    BUG(invent_order, orders_asked_for)                                                            \
    BUG(keep_refused, orders_asked_for)                                                            \
    BUG(coupon_again, coupons_once)                                                                \
    BUG(coupon_count, coupons_once)                                                                \
    BUG(lose_points, points_balance)                                                               \
    BUG(points_unread, read_your_writes)                                                           \
    BUG(leak_reservation, reservations_released)                                                   \
    BUG(leak_cancelled, cancelled_gives_back)                                                      \
    BUG(keep_money, cancelled_gives_back)                                                          \
    BUG(forget_cancel, cancelled_gives_back)                                                       \
    BUG(lose_unit, stock_adds_up)                                                                  \
    BUG(lose_movement, stock_adds_up)                                                              \
    BUG(charge_more, money_adds_up)                                                                \
    BUG(other_price, price_as_shown)                                                               \
    BUG(stale_stock, stock_reads_current)                                                          \
    BUG(below_zero, stock_not_negative)

enum shop_bug {
#define BUG(name, invariant) SHOP_BUG_##name,
    SHOP_BUGS
#undef BUG
        SHOP_BUG_COUNT,
    SHOP_BUG_none = SHOP_BUG_COUNT
};

struct shop_options {
    uint64_t seed;
    enum shop_bug bug;
    bool is_noisy; /* requests and answers get lost */
    uint32_t orders, sales;
};

/* What the bug did: nothing; something that need not show; what its invariant must find when nothing
 * is open. */
enum shop_deed { SHOP_CLEAN, SHOP_MAY_SHOW, SHOP_MUST_SHOW };

/* Fills the case. */
enum shop_deed shop_run(struct audit_case *c, const struct shop_options *options);

#endif
