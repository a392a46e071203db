/* Analysis of one output series: how precise is its mean, and how much of its start to leave out.
 *
 * Consecutive values of a simulation (waits of customers, units of a day) depend on each other, so
 * the half-width for independent values (omo_summarise, for replications) is too short for them.
 * Here are the remedies. A series is an array of doubles in the order of time, in any unit; results
 * have that unit. Every value is finite and at most 1e140 in magnitude: a missing value can't be
 * left out of a series without moving its neighbours together, so NaN is refused (OMO_EINVAL, with
 * its index), as is a count that is too small or a confidence outside (0, 1). On failure ret_...
 * stay untouched. Nothing is allocated; arrays are only read, and any thread may call. `ret_error`
 * may be NULL.
 */
#ifndef OMOSIM_STATISTICS_H
#define OMOSIM_STATISTICS_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A mean with its precision, from batches of consecutive values. */
typedef struct omo_batch_estimate {
    double mean;
    double half_width; /* of the Student-t interval; NaN with fewer than 2 batches */
    double standard_error;
    /* Lag-1 correlation of the batch means in von Neumann's form, 1 - sum of (Y_i - Y_i+1)^2 /
     * (2 sum of (Y_i - mean)^2), and the value that it exceeds in 5 of 100 cases when batches are
     * independent and normal: 1.645 sqrt((k - 2) / (k^2 - 1)) for k batches (Young, Annals of
     * Mathematical Statistics 12, 1941; the test of Fishman and Yarberry, INFORMS Journal on
     * Computing 9, 1997). NaN with fewer than 8 batches; lag1 is 0 when all batches are equal. */
    double lag1, lag1_bound;
    uint64_t batch_size; /* values in a batch; microseconds where a level was averaged over time */
    uint32_t batch_count;
    /* lag1 <= lag1_bound. False says that batches are too short or too few to judge, and that the
     * half-width is likely too small. True is no proof: with 32 batches a correlation of 0.3 is
     * missed every other time. */
    bool long_enough;
} omo_batch_estimate;

/* Mean and half-width from `batches` (2..count) batches of count / batches values each (Law,
 * Simulation Modeling and Analysis, ch. 9; 20 to 40 batches are usual). Values past the last whole
 * batch are left out. O(count). */
OMO_API omo_status omo_batch_means(const double *values, size_t count, uint32_t batches,
                                   double confidence, omo_batch_estimate *ret_estimate,
                                   omo_error *ret_error);
/* The same from all count - size + 1 overlapping batches of size = count / batches values (Meketon
 * and Schmeiser, Winter Simulation Conference 1984): all values count, and the error's own variance
 * is a third smaller, which is 1.5 (count / size - 1) degrees of freedom, rounded down. lag1 is
 * that of the batches that do not overlap, and batch_count their number. O(count). */
OMO_API omo_status omo_overlapping_batch_means(const double *values, size_t count, uint32_t batches,
                                               double confidence, omo_batch_estimate *ret_estimate,
                                               omo_error *ret_error);

/* Correlation of values `lag` apart, lag < count, with the usual divisor for all lags (Box, Jenkins
 * and Reinsel, Time Series Analysis, 2.1.5): sum of (x_i - mean)(x_i+lag - mean) / sum of (x_i -
 * mean)^2. Biased towards 0 by about lag / count, within [-1, 1]. A series of equal values has
 * none and is refused. O(count). */
OMO_API omo_status omo_autocorrelation(const double *values, size_t count, size_t lag,
                                       double *ret_correlation, omo_error *ret_error);
/* How many independent values would give the mean the same variance: count / (1 + 2 sum of
 * autocorrelations), summed in neighbouring pairs as long as they are positive (initial positive
 * sequence; Geyer, Statistical Science 7, 1992: proven for reversible chains, a rule of thumb for
 * others). At most count: negative correlation is not counted as a gain. Equal values count
 * fully. count >= 4. O(count x lags summed), at most O(count^2). */
OMO_API omo_status omo_effective_size(const double *values, size_t count, double *ret_size,
                                      omo_error *ret_error);

/* Where the initial transient ends. */
typedef struct omo_truncation {
    size_t first;     /* leave out the values before this index; a multiple of 5 */
    double statistic; /* the rule's minimum: sum of (Y - mean)^2 / k^2 of the k batches kept */
    double mean;      /* of the batches kept */
    /* False when the statistic is smaller still in the second half: the series is too short to
     * show where its transient ends, and `first` is only the best of the first half. */
    bool reliable;
} omo_truncation;

/* MSER-5 (White, Simulation 69, 1997; White, Cobb and Spratt, Winter Simulation Conference 2000):
 * means of batches of 5; leaves out the d first batches that make the squared marginal standard
 * error of the rest smallest, the fewest of several. Only d up to half of the batches is an answer.
 * Beyond, the minimum is looked for down to the last 5 batches, whose spread is chance, and only to
 * set `reliable`. Values past the last whole batch are left out. count >= 50. O(count). */
OMO_API omo_status omo_mser5(const double *values, size_t count, omo_truncation *ret_truncation,
                             omo_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
