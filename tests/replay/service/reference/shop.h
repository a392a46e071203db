/* The books of the reference service: sessions, carts, stock, orders, coupons and points, in memory.
 *
 * It keeps the rules of scenarios/api/reference.openapi.yaml: what is asked for out of turn (an
 * order of an empty cart, a payment of the wrong amount, a pick for a cancelled order) is refused
 * with a status of the 400s and {"error", "message"}. Any SKU, place and member exists. One lock;
 * any thread may ask.
 */
#ifndef TESTS_REPLAY_SHOP_H
#define TESTS_REPLAY_SHOP_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define SHOP_SEGMENTS_MAX 4

struct shop_options {
    int64_t stock;         /* units of each position at the beginning */
    int64_t coupons;       /* how often a coupon can be redeemed */
    int64_t session_for_s; /* how long a token is valid */
};

struct shop_call { /* a request; all borrowed */
    const char *method;
    const char *segment[SHOP_SEGMENTS_MAX]; /* of the path, percent-decoded */
    uint32_t segment_count;
    const char *place, *query; /* parameters, NULL when not given */
    const char *token;         /* Authorization: Bearer, NULL = none */
    const char *clerk;         /* Authorization: Clerk, a place; NULL = none */
    const json_t *body;        /* an object, NULL = none */
};

struct shop_answer {
    uint32_t status;
    json_t *body; /* the caller's */
};

struct shop;
struct shop *shop_new(const struct shop_options *options);
void shop_free(struct shop *shop);
struct shop_answer shop_ask(struct shop *shop, const struct shop_call *call);
/* {"orders", "sold_out", ...}: what happened so far. Caller frees. */
json_t *shop_books(struct shop *shop);

/* An answer that refuses. */
struct shop_answer shop_refuse(uint32_t status, const char *error, const char *message);

#endif
