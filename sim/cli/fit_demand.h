/* Demand fitted to what customers did: who comes when, what they buy, at which prices.
 *
 * Two kinds of tables are read. Transactions: a line of a basket a row (cli/transactions.h). Or means
 * that somebody counted: a table of the 168 hours of a week with a column of arrivals for each
 * channel, and tables of products with daily demand for each channel and prices; channels are
 * matched by the words of their columns. Each column of arrivals, or all transactions together, is
 * one stream of visits.
 */
#ifndef CLI_FIT_DEMAND_H
#define CLI_FIT_DEMAND_H

#include "shell/diagnostic.h"

#include <omosim/fit.h>
#include <stdbool.h>

#define FIT_DEMAND_HOURS 168        /* from Monday 00:00 */
#define FIT_DEMAND_QUANTITY_MAX 100 /* a line of more is sold by volume or weight */
#define FIT_DEMAND_STREAMS_MAX 8

/* Visits of one kind of customer. */
struct fit_demand_stream {
    char *name;                    /* "in_store" */
    double hour[FIT_DEMAND_HOURS]; /* mean visits in each hour of the week */
    double week;                   /* their sum */
    double units_per_day;          /* of tables of products; NaN when not known */
};

/* Counts from 1 on, the laws fitted to them, and the best one by Akaike's criterion. */
struct fit_demand_counts {
    GArray *counts; /* uint64_t: how many have the value i + 1; empty when nothing is known */
    omo_count_fit law[OMO_COUNT_LAWS];
    omo_count_law best;
};

typedef struct fit_demand {
    char *source; /* names of the files */
    bool is_transactions, has_clock;
    struct fit_demand_stream stream[FIT_DEMAND_STREAMS_MAX];
    uint32_t stream_count;

    /* Of transactions. */
    uint64_t line_count, basket_count, customer_count, store_count, coupon_line_count;
    uint64_t odd_line_count; /* lines without a usual quantity: left out of quantities and prices */
    int64_t sales_cents, discount_cents, coupon_cents;
    int32_t first_day, last_day;
    GArray *day;       /* uint32_t visits of each day from the first to the last */
    double dispersion; /* of days around the mean of their weekday: 1 for a Poisson process */
    struct fit_demand_counts lines, quantities;

    uint64_t product_count;
    GArray *weight; /* double: lines, or daily units, of each product that sells; descending */
    omo_rank_fit rank[OMO_RANK_LAWS];
    omo_rank_law rank_best;
    bool has_rank;
    GArray *price; /* double, ascending */
    omo_lognormal_fit price_law;
    bool has_price;
} FitDemand;

struct fit_demand_options {
    char **columns; /* "ROLE=NAME" of transactions, or NULL */
    bool (*go_on)(double share, void *context);
    void *context;
};

/* Reads the tables and fits. NULL with the error set, or without one when go_on() stopped it. Caller
 * frees with fit_demand_free(). */
FitDemand *fit_demand_read(char **paths, const struct fit_demand_options *options,
                           GError **ret_error);
void fit_demand_free(FitDemand *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FitDemand, fit_demand_free)

/* A figure by its name: lines, baskets, households, stores, products, sales, coupon_lines,
 * coupon_disc, retail_disc; STREAM_per_week, STREAM_units_per_day, STREAM_basket. False when there
 * is none. */
bool fit_demand_figure(const FitDemand *fit, const char *name, double *ret_value);
/* "geometric", "zipf", ... Static. */
const char *fit_demand_count_name(omo_count_law law);
const char *fit_demand_rank_name(omo_rank_law law);

/* ---- between the files of this part ---------------------------------------------------------- */

/* Whether a table has a column for dates: then it is one of transactions. */
gboolean fit_demand_is_transactions(const char *path, char **columns, bool *ret_is,
                                    GError **ret_error);
/* The counts and sums; laws are fitted afterwards. */
gboolean fit_demand_read_transactions(FitDemand *fit, const char *path,
                                      const struct fit_demand_options *options, GError **ret_error);
gboolean fit_demand_read_tables(FitDemand *fit, char **paths, GError **ret_error);

#endif
