/* A small shop with everything in it, people who use it, and an auditor who adds up its books. */
#ifndef TESTS_BACKEND_SHOP_CASE_H
#define TESTS_BACKEND_SHOP_CASE_H

#include "backend/platform_case.h"

/* Three shops in a row from east to west, and a warehouse that ships; six SKUs at 10.00, 5.00, 0.99,
 * 3.33, 250.00, 0.07. Coupons: "three" takes 3.00 off from 20.00 on, 5 times in all, once a member;
 * "tenth" a tenth, without limits. */
#define SHOP_PLACES 4
#define SHOP_SKUS 6
extern const char *const shop_places[SHOP_PLACES]; /* east, middle, west, depot */
extern const char *const shop_skus[SHOP_SKUS];     /* tea, rice, salt, soap, watch, match */
extern const int64_t shop_cents[SHOP_SKUS];

/* In the test's folder, with 10 units of each SKU at each place. Faults: NULL-terminated. */
void shop_open(const char *const *faults);
void shop_open_with(struct backend_options options);
void shop_close(void);
Backend *shop_backend(void);
/* The service's clock: it stands still, and is moved by the test. */
void shop_wait_s(int64_t seconds);

/* Logs in; the header line. Caller frees. */
char *shop_member(const char *name);
/* Asks with a header line (shop_member(), or "Authorization: Clerk east\r\n") and a body, "" = none.
 * Any thread. Returns the status; *ret_answer (may be NULL) is the caller's. */
int shop_ask(const char *who, const char *method, const char *path, const char *body,
             json_t **ret_answer);
/* The same, and it is this status; the error's word for programs, or NULL. */
void shop_want(int status, const char *error, const char *who, const char *method, const char *path,
               const char *body);
/* A whole number of an answer of this status. */
int64_t shop_number(const char *who, const char *path, const char *key);

/* One unit of sku in a cart, ordered from a place; the status of the order. */
int shop_buy(const char *who, const char *reference, const char *sku, const char *place);
int shop_pay(const char *who, const char *reference);

/* All rows of a book, over several pages. Caller frees. */
json_t *shop_book(const char *name);
/* What the books say does not add up, one line each; "" = they do. Caller frees. */
char *shop_audit(void);

#define CLERK(place) "Authorization: Clerk " place "\r\n"
#define AUDITOR "Authorization: Auditor\r\n"

int shop_run(const char *name, const TTest *const *tests, size_t test_count);

#endif
