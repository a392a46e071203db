/* Laws fitted to records of real customers, by maximum likelihood.
 *
 * BG/NBD (Fader, Hardie and Lee, Marketing Science 24, 2005): a customer buys as a Poisson process
 * of rate lambda until, after each purchase with chance p, the customer is gone for good; lambda is
 * gamma of shape r and scale 1 / alpha over the customers, p is beta(a, b). What the fit needs of a
 * customer is how many purchases followed the first, when the last one was, and for how long the
 * customer has been watched, both counted from the first purchase. Times have any one unit; alpha
 * has it too, and r / alpha is the mean rate per unit of time.
 *
 * Nothing is allocated; arrays are only read, results are the same bits everywhere, and any thread
 * may call. On failure ret_... stay untouched; `ret_error` may be NULL.
 */
#ifndef OMOSIM_FIT_H
#define OMOSIM_FIT_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Customers who share a history. */
typedef struct omo_history {
    double last;       /* time of the last purchase; 0 without a repeat */
    double age;        /* how long they have been watched, at least `last` */
    uint64_t count;    /* of customers, at least 1 */
    uint32_t repeats;  /* purchases after the first, at most OMO_REPEATS_MAX */
    uint32_t reserved; /* 0 */
} omo_history;

#define OMO_REPEATS_MAX 100000000u

/* The four parameters in the order of all arrays below; each positive. */
typedef struct omo_bgnbd {
    double r, alpha, a, b;
} omo_bgnbd;

#define OMO_BGNBD_PARAMETERS 4

typedef struct omo_bgnbd_fit {
    omo_bgnbd model;
    omo_bgnbd standard_error; /* from the observed information; NaN of a parameter at its edge */
    double log_likelihood;    /* with the x! of repeats left out, as in the paper */
    /* Of the logarithms of the parameters: inverse of the observed information. */
    double covariance[OMO_BGNBD_PARAMETERS][OMO_BGNBD_PARAMETERS];
    uint64_t customer_count, repeat_count;
    uint32_t iterations;
    /* Bit i: parameter i ran to the edge of what is looked through (a factor of 10^6 from where it
     * began), as data do that show no drop-out or no difference between customers. */
    uint32_t edge;
} omo_bgnbd_fit;

/* Log-likelihood of histories and, where not NULL, its gradient and matrix of second derivatives in
 * the logarithms of the parameters. `histories` as omo_bgnbd_estimate() wants them. O(count). */
OMO_API omo_status omo_bgnbd_log_likelihood(const omo_bgnbd *model, const omo_history *histories,
                                            size_t count, double *ret_log_likelihood,
                                            double *ret_gradient,
                                            double (*ret_hessian)[OMO_BGNBD_PARAMETERS],
                                            omo_error *ret_error);

/* The parameters that make the histories likeliest. Histories come with `repeats` ascending; those
 * that are alike may stand together or apart. OMO_EINVAL with the index of a bad one; when there
 * are fewer than 2 customers; when nobody has a repeat, which leaves the likelihood without a
 * maximum. O(count) for each of some 10 to 30 iterations. */
OMO_API omo_status omo_bgnbd_estimate(const omo_history *histories, size_t count,
                                      omo_bgnbd_fit *ret_fit, omo_error *ret_error);

/* What a model with valid parameters says (positive and finite; others are bugs and end the
 * process). Relative error below 1e-9 for times up to 10^4 alpha. */

/* Expected purchases of a new customer within `period` of the first one. */
OMO_API double omo_bgnbd_expected(const omo_bgnbd *model, double period);
/* The chance of exactly `repeats` purchases within `period` of the first. */
OMO_API double omo_bgnbd_probability(const omo_bgnbd *model, double period, uint32_t repeats);
/* The chance that a customer with this history is still one (Fader, Hardie and Lee, "Computing
 * P(alive) using the BG/NBD model", 2008). */
OMO_API double omo_bgnbd_alive(const omo_bgnbd *model, const omo_history *history);
/* Expected purchases of a customer with this history in the `period` that follows. */
OMO_API double omo_bgnbd_expected_more(const omo_bgnbd *model, const omo_history *history,
                                       double period);

/* The chance that chi-square with so many degrees of freedom (at least 1) is as large as this. */
OMO_API double omo_chi_square_tail(double statistic, uint32_t degrees);

/* ---- what a purchase is worth ---------------------------------------------------------------- */

/* Gamma-gamma (Fader, Hardie and Berger 2004; Fader and Hardie, note 025, 2013): what a customer
 * spends on a purchase is gamma of shape p and a scale of his own, 1 / nu; nu is gamma of shape q and
 * scale 1 / gamma over the customers. The mean over customers is p gamma / (q - 1) for q > 1. */
typedef struct omo_spend {
    double p, q, gamma;
} omo_spend;

/* A customer's mean over so many purchases. */
typedef struct omo_spending {
    double mean;       /* above 0 */
    uint32_t count;    /* at least 1 */
    uint32_t reserved; /* 0 */
} omo_spending;

typedef struct omo_spend_fit {
    omo_spend model;
    omo_spend standard_error; /* NaN of a parameter at its edge */
    double mean;              /* over customers; infinite with q <= 1 */
    double log_likelihood;
    uint64_t customer_count;
    uint32_t iterations;
    uint32_t edge; /* as in omo_bgnbd_fit */
} omo_spend_fit;

/* The parameters that make the means likeliest. OMO_EINVAL with the index of a bad one, with fewer
 * than 2 customers, or when all spend the same, which leaves the likelihood without a maximum. */
OMO_API omo_status omo_spend_estimate(const omo_spending *spendings, size_t count,
                                      omo_spend_fit *ret_fit, omo_error *ret_error);

/* ---- baskets --------------------------------------------------------------------------------- */

/* Laws of counts from 1 on: one more than a geometric, Poisson or negative binomial variable. */
typedef enum omo_count_law {
    OMO_COUNT_GEOMETRIC,
    OMO_COUNT_POISSON,
    OMO_COUNT_NEGATIVE_BINOMIAL,
    OMO_COUNT_LAWS
} omo_count_law;

#define OMO_COUNT_MAX 1000000u

typedef struct omo_count_fit {
    omo_count_law law;
    uint32_t parameters;
    double mean; /* of the count itself, at least 1 */
    double size; /* negative binomial: of count - 1, variance m + m^2 / size with m = mean - 1 */
    double log_likelihood;
    double aic;    /* Akaike's criterion, 2 parameters - 2 log-likelihood: the least is best */
    uint32_t edge; /* 1: the size ran to its edge, the data vary no more than Poisson */
} omo_count_fit;

/* `counts[i]` observations have the value i + 1; `size` <= OMO_COUNT_MAX. OMO_EINVAL when there are
 * none. */
OMO_API omo_status omo_count_estimate(omo_count_law law, const uint64_t *counts, size_t size,
                                      omo_count_fit *ret_fit, omo_error *ret_error);
/* The chance of a value; 0 of 0. */
OMO_API double omo_count_probability(const omo_count_fit *fit, uint32_t value);

/* ---- products -------------------------------------------------------------------------------- */

/* Laws of the share that the product of rank k has in all sales. */
typedef enum omo_rank_law {
    OMO_RANK_ZIPF,       /* k^-exponent */
    OMO_RANK_MANDELBROT, /* (k + shift)^-exponent */
    OMO_RANK_LOGNORMAL,  /* exp(exponent z), z the normal quantile of (K - k + 1/2) / K */
    OMO_RANK_LAWS
} omo_rank_law;

typedef struct omo_rank_fit {
    omo_rank_law law;
    uint32_t parameters;
    size_t count; /* K, of products */
    double exponent, exponent_error, shift;
    double log_sum; /* log of the sum of all weights */
    double log_likelihood, aic;
    double distance; /* Kolmogorov and Smirnov's, of the cumulative shares by rank */
    uint32_t edge;   /* as in omo_bgnbd_fit */
} omo_rank_fit;

/* `weights` are sales of each product, above 0 and descending, at least 3 and not all the same.
 * O(count) for each of some 10 iterations. */
OMO_API omo_status omo_rank_estimate(omo_rank_law law, const double *weights, size_t count,
                                     omo_rank_fit *ret_fit, omo_error *ret_error);
/* Share of rank 1 .. count. */
OMO_API double omo_rank_share(const omo_rank_fit *fit, size_t rank);

typedef struct omo_lognormal_fit {
    double mean, cv; /* of the variable itself, as omo_law has them */
    double log_mean, log_deviation;
    double distance; /* Kolmogorov and Smirnov's */
} omo_lognormal_fit;

/* `values` are above 0 and ascending, at least 2 and not all the same. */
OMO_API omo_status omo_lognormal_estimate(const double *values, size_t count,
                                          omo_lognormal_fit *ret_fit, omo_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
