/* Tests of hypotheses for random variables: how far is too far.
 *
 * False alarms: a shape test (Kolmogorov-Smirnov, chi-square) is one of at most STATISTICS_TESTS of
 * its program, which together alarm once in 10^6 sets of keys; a mean over replications is refused
 * at |z| > 4. Keys are fixed, so an outcome is too: what alarms, alarms every time.
 */
#ifndef TESTS_BASE_FIT_H
#define TESTS_BASE_FIT_H

#include <stddef.h>
#include <stdint.h>

#define STATISTICS_TESTS 100
#define STATISTICS_ALARM (1e-6 / STATISTICS_TESTS)

/* Distance of the replications' mean from `expected` in standard errors estimated from them. */
double fit_z(const double *value, int count, double expected);
/* sqrt(n) times Kolmogorov and Smirnov's distance between the values (which it sorts) and a
 * distribution function. */
double fit_ks(double *value, size_t count, double (*below)(const void *context, double x),
              const void *context);
/* The same that is exceeded with probability STATISTICS_ALARM (the tail's first term). */
double fit_ks_limit(void);
/* Chi-square with `degrees` as a standard normal (Wilson and Hilferty 1931). */
double fit_chi_z(double chi, double degrees);
/* Chi-square, so turned, of counts of whole numbers against probabilities; neighbours are pooled
 * until 20 are expected. `total` may be more than the counts' sum: the rest is one more cell. */
double fit_counts_z(const uint32_t *count, const double *share, size_t size, double total);
/* A standard normal exceeds this with probability STATISTICS_ALARM. */
double fit_z_limit(void);

#endif
