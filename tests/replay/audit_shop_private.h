/* The shop's insides. audit_shop_serve.c answers requests, audit_shop_books.c writes the books,
 * audit_shop.c has the network, the customers and the run. */
#ifndef TESTS_REPLAY_AUDIT_SHOP_PRIVATE_H
#define TESTS_REPLAY_AUDIT_SHOP_PRIVATE_H

#include "replay/audit_shop.h"

#define PLACES 2
#define SKUS 2
#define MEMBERS 3
#define ORDERS_MAX 24
#define BUDGET 3

struct shop_order {
    uint64_t order, member;
    uint32_t payments;    /* requests to pay it */
    uint32_t place, rows; /* rows in the books; 0 = there is none */
    int64_t cart[SKUS], quantity[SKUS], price[SKUS], shown[SKUS], handed_over[SKUS], returned[SKUS];
    bool wants_coupon, has_coupon, is_cancelled, is_paid, is_kept_refused, was_changed, is_expired;
    int64_t total, discount, paid, earned, spent;
};

struct shop_sale {
    int64_t at;
    uint64_t sale;
    uint32_t place, sku;
    int64_t units;
};

struct shop_movement {
    uint64_t order; /* 0 = none */
    uint32_t place, sku;
    int64_t units;
};

struct answer {
    bool is_refused;
    uint16_t status;
    int64_t told[TELLING_COUNT];
    uint32_t what; /* told, a bit each */
};

struct call {
    enum step_kind step;
    uint32_t order; /* of the array */
    uint32_t place, sku;
    int64_t units;
};

struct client {
    uint32_t order, step, taps;
    int64_t now;
    bool is_till, is_done;
};

struct shop {
    struct audit_case *c;
    const struct shop_options *options;
    GRand *rand;
    int64_t now, sent; /* sent: of the request that is served */
    int64_t supply[PLACES][SKUS], on_hand[PLACES][SKUS], reserved[PLACES][SKUS],
        stale[PLACES][SKUS];
    int64_t price[SKUS];
    struct shop_order order[ORDERS_MAX * 2];
    int64_t points[MEMBERS], unread[MEMBERS], redeemed_by[MEMBERS], redeemed, counted;
    GArray *sales, *movements, *pending; /* pending: struct call */
    bool touched, did;                   /* the bug did something; what must show */
    bool bug_left;
    struct shop_order *victim; /* of the bug */
};

/* low..high, both possible */
int64_t shop_roll(struct shop *s, int64_t low, int64_t high);
/* Whether this bug is on and has not shown yet; the same, and it shows now. */
bool shop_bug(const struct shop *s, enum shop_bug bug);
bool shop_bug_once(struct shop *s, enum shop_bug wanted);
struct answer shop_serve(struct shop *s, const struct call *call);
/* Cancels an order: by its customer, or by the service when nobody paid. */
void shop_give_up(struct shop *s, struct shop_order *o);
void shop_move(struct shop *s, uint64_t order, uint32_t place, uint32_t sku, int64_t units);
/* Serves one of the requests that were late. */
void shop_run_late(struct shop *s);
void shop_write_books(struct shop *s, Books *books);
/* Whether more units are sold for good than were there and came; and a coupon too often. */
bool shop_is_oversold(const struct shop *s);
bool shop_is_redeemed_too_often(const struct shop *s);

#endif
