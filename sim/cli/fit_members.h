/* Members' buying fitted to their purchases: BG/NBD, how well it fits, and what a purchase is worth.
 *
 * What a customer bought on one day counts as one purchase, as in the literature; time is counted
 * in whole days and given in `unit_us`. Memory: 8 bytes for each day on which a customer bought,
 * some 60 for each customer.
 */
#ifndef CLI_FIT_MEMBERS_H
#define CLI_FIT_MEMBERS_H

#include "shell/diagnostic.h"

#include <omosim/fit.h>
#include <stdbool.h>

#define FIT_MEMBERS_NO_DAY INT32_MIN

struct fit_members_options {
    char **columns;    /* "ROLE=NAME", or NULL */
    int64_t unit_us;   /* of time; a week */
    int32_t until_day; /* days since 1970-01-01: what is fitted ends with this day, what comes later
                        * is held against the forecast; NO_DAY: all is fitted */
    bool (*go_on)(double share, void *context); /* progress; false stops */
    void *context;
};

/* Repeats 0, 1, ..: how many customers have them and how many the model expects; the last row is of
 * all from there on. */
struct fit_members_frequency {
    uint32_t repeats;
    uint64_t actual;
    double expected;
};

/* All customers together at a day: repeats since the first, cumulative. */
struct fit_members_week {
    int32_t day;
    uint64_t actual;
    double expected;
};

/* Customers by their repeats in the calibration period: what they bought in the holdout. */
struct fit_members_holdout {
    uint32_t repeats; /* the last row: so many or more */
    uint64_t customers, actual;
    double expected;
};

typedef struct fit_members {
    char *path;
    uint64_t lines, left_out; /* lines without an id, or of refunds, are left out */
    uint64_t customers, purchases, basket_count;
    int32_t first_day, last_day, until_day; /* of the table; NO_DAY of a table without dates */
    int64_t unit_us;
    omo_bgnbd_fit fit;
    double expected_year; /* purchases of a new customer in 52 weeks */
    double alive_share;   /* mean P(alive) at the end of calibration */
    GArray *frequency;    /* struct fit_members_frequency */
    GArray *weeks;        /* struct fit_members_week; empty without dates */
    GArray *holdout;      /* struct fit_members_holdout; empty without one */
    double chi_square, chi_square_p;
    uint32_t chi_square_degrees; /* 0 = too few rows to tell */
    bool has_amounts;
    double mean_spend; /* per purchase */
    omo_spend_fit spend;
    bool has_spend; /* at least two customers with repeats of different worth */
} FitMembers;

/* Reads and fits. NULL with the error set (BAD_INPUT), or without one when go_on() stopped it.
 * Caller frees with fit_members_free(). */
FitMembers *fit_members_read(const char *path, const struct fit_members_options *options,
                             GError **ret_error);
void fit_members_free(FitMembers *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FitMembers, fit_members_free)

#endif
