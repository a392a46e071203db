/* Series whose dependence is known, for the tests of output analysis. */
#ifndef OMO_TESTS_BASE_SERIES_H
#define OMO_TESTS_BASE_SERIES_H

#include <check.h>
#include <math.h>

#include "base/laws.h"

/* x' = phi x + noise with mean 0 and variance 1, started in its stationary law; its lag-k
 * correlation is phi^k, and the mean of n values has variance (1 + phi) / (1 - phi) / n. */
struct series_ar1 {
    struct draw_cursor cursor;
    double phi, x;
};

static inline void series_ar1_begin(struct series_ar1 *a, double phi, uint32_t replication)
{
    draw_begin(&a->cursor, draw_key_make(20260101, replication), DRAW_SERVICE, 0, 0);
    a->phi = phi;
    a->x = law_normal(&a->cursor);
}

static inline double series_ar1_next(struct series_ar1 *a)
{
    double x = a->x;

    a->x = a->phi * x + sqrt(1 - a->phi * a->phi) * law_normal(&a->cursor);
    return x;
}

/* Waits in an M/M/1 queue by Lindley's recursion, in us; the mean service takes a second. */
struct series_mm1 {
    struct draw_cursor cursor;
    double rho;
    int64_t wait_us;
};

static inline void series_mm1_begin(struct series_mm1 *q, double rho, uint32_t replication)
{
    draw_begin(&q->cursor, draw_key_make(20260102, replication), DRAW_SERVICE, 0, 0);
    q->rho = rho;
    q->wait_us = 0;
}

static inline int64_t series_mm1_next(struct series_mm1 *q)
{
    int64_t wait_us = q->wait_us;
    double service = law_exponential(&q->cursor), gap = law_exponential(&q->cursor) / q->rho;

    q->wait_us = core_max_i64(0, wait_us + (int64_t)floor((service - gap) * 1e6 + 0.5));
    return wait_us;
}

static inline double series_mm1_mean_us(double rho) { return rho / (1 - rho) * 1e6; }

/* Fails unless `hits` of `count` are within 4 standard errors of the probability. */
static inline void series_check_share(uint32_t hits, uint32_t count, double probability)
{
    double z = (hits - count * probability) / sqrt(count * probability * (1 - probability));

    ck_assert_msg(fabs(z) <= 4, "%u of %u for a probability of %g: z = %.2f", hits, count,
                  probability, z);
}

#endif
