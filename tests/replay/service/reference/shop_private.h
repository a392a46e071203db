/* Inside of the shop. All functions are called with its lock held. */
#ifndef TESTS_REPLAY_SHOP_PRIVATE_H
#define TESTS_REPLAY_SHOP_PRIVATE_H

#include "shop.h"

#include <pthread.h>

struct session {
    char *member;
    int64_t until_us;
};

struct member {
    int64_t points;
    GHashTable *coupons; /* name to count of redemptions */
};

struct line {
    char *sku;
    int64_t quantity, price_cents;
};

struct cart {
    char *member;
    GArray *lines;
    char *coupon; /* NULL = none */
    int64_t discount_cents;
};

enum order_status { PLACED, PAID, CANCELLED };

struct order {
    char *reference, *member, *place, *channel;
    uint64_t id;
    GArray *lines;
    int64_t units, total_cents;
    int64_t picked, ready, handed_over, returned; /* units */
    enum order_status status;
};

struct shop {
    struct shop_options options;
    pthread_mutex_t lock;
    GHashTable *sessions; /* token */
    GHashTable *members;  /* name */
    GHashTable *carts;    /* name */
    GHashTable *orders;   /* reference */
    GHashTable *stock;    /* "PLACE\nSKU", to units left */
    GHashTable *coupons;  /* name, to count of redemptions */
    GHashTable *sales;    /* "REFERENCE\nSKU" of tills */
    uint64_t tokens, next_order;
    uint64_t refused_sold_out, cancelled, units_sold, paid_cents, calls;
};

typedef struct shop_answer shop_handler(struct shop *shop, const struct shop_call *call,
                                        const char *member);

shop_handler shop_check_out, shop_pay, shop_cancel, shop_pick_list, shop_pick, shop_ready,
    shop_hand_over, shop_take_back, shop_sell;

/* Text or whole number of a body; NULL, FALSE when it is missing or of another type. */
const char *shop_text(const json_t *body, const char *key);
bool shop_whole(const json_t *body, const char *key, int64_t *ret_whole);
struct member *shop_member(struct shop *shop, const char *name);
/* Units left; a position that was never asked for has the initial stock. */
int64_t *shop_stock(struct shop *shop, const char *place, const char *sku);
int64_t price_cents(const char *sku);
int64_t *shop_counter(GHashTable *table, const char *key);
int64_t cart_total_cents(const struct cart *cart);
void order_free(gpointer order);
GArray *lines_new(void);

#endif
