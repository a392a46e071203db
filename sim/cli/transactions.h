/* Purchases that a till or a shop wrote down, read line by line from a CSV table.
 *
 * A column is found by its role: under the name that --column gives it, else under one of the
 * names that such tables usually have, whatever their case (transactions_help() lists them). Only
 * what a role needs is parsed. Memory: the texts of ids, each once; rows are not kept. Errors are
 * BAD_INPUT with file:line:column. One thread.
 */
#ifndef CLI_TRANSACTIONS_H
#define CLI_TRANSACTIONS_H

#include "shell/intern.h"

#include <stdbool.h>

enum transactions_role {
    TRANSACTIONS_CUSTOMER,
    TRANSACTIONS_DATE,
    TRANSACTIONS_AMOUNT, /* money that the line, or the basket, came to */
    TRANSACTIONS_BASKET,
    TRANSACTIONS_PRODUCT,
    TRANSACTIONS_QUANTITY,
    TRANSACTIONS_STORE,
    TRANSACTIONS_DISCOUNT, /* money off the shelf price */
    TRANSACTIONS_COUPON,   /* money off by coupons */
    TRANSACTIONS_REPEATS,  /* of a table with a row a customer: purchases after the first, */
    TRANSACTIONS_LAST,     /* when the last was, */
    TRANSACTIONS_AGE,      /* and for how long the customer was watched */
    TRANSACTIONS_ROLES
};

typedef struct transactions Transactions;

/* One row. Numbers of texts are from 1 and count up as new ones come; 0 = no such column, or an
 * empty field. */
struct transaction {
    uint32_t customer, basket, product, store;
    int64_t at_us; /* since 1970-01-01 by the shop's clock */
    bool has_clock;
    int64_t amount_cents, discount_cents, coupon_cents;
    double quantity; /* 1 without a column */
    double repeats, last, age;
};

/* Opens a table. `columns` are settings "ROLE=NAME" (NULL-terminated, or NULL). BAD_USAGE for an
 * unknown role. Caller frees with transactions_free(). */
Transactions *transactions_open(const char *path, char **columns, GError **ret_error);
void transactions_free(Transactions *transactions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transactions, transactions_free)

bool transactions_has(const Transactions *transactions, enum transactions_role role);
/* Whether the column is there; else an error that names the nearest. */
gboolean transactions_need(const Transactions *transactions, enum transactions_role role,
                           GError **ret_error);
/* The header's name of a role's column, or NULL. Borrowed. */
const char *transactions_column(const Transactions *transactions, enum transactions_role role);

/* The next row; FALSE at the end, with *ret_error left alone, or on an error. */
gboolean transactions_next(Transactions *transactions, struct transaction *ret_row,
                           GError **ret_error);
/* How many different ids of a role there have been (customer, basket, product, store). */
uint32_t transactions_count(const Transactions *transactions, enum transactions_role role);
/* The id that a number stands for. Borrowed. */
const char *transactions_id(const Transactions *transactions, enum transactions_role role,
                            uint32_t number);
uint64_t transactions_line_count(const Transactions *transactions);
double transactions_share_done(const Transactions *transactions);
/* Sets BAD_INPUT at a role's field of the current row, or its line without that column. */
void transactions_refuse(const Transactions *transactions, enum transactions_role role,
                         GError **ret_error, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Lines for --help: each role with the names it is found under. Caller frees. */
char *transactions_help(void);

#endif
