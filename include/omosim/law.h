/* Probability laws that a model may name: service times, lead times, basket sizes.
 *
 * A law is plain data; an empirical one borrows a table. Time laws are in microseconds; the scenario
 * layer converts units before it makes one. Every law is sampled from keyed draws with arithmetic
 * that gives the same bits on every machine (no libm).
 */
#ifndef OMOSIM_LAW_H
#define OMOSIM_LAW_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum omo_law_kind {
    OMO_LAW_CONSTANT,    /* a = value */
    OMO_LAW_EXPONENTIAL, /* a = mean */
    OMO_LAW_UNIFORM,     /* a = low, b = high */
    OMO_LAW_ERLANG,      /* a = mean, b = number of phases (whole, 1..1000) */
    OMO_LAW_GAMMA,       /* a = mean, b = coefficient of variation */
    OMO_LAW_LOGNORMAL,   /* a = mean, b = coefficient of variation (of the variable itself) */
    OMO_LAW_NORMAL,      /* a = mean, b = standard deviation, truncated at 0 by drawing again */
    OMO_LAW_WEIBULL,     /* a = scale, b = shape */
    OMO_LAW_TRIANGULAR,  /* a = low, b = mode, c = high */
    OMO_LAW_POISSON,     /* a = mean; whole numbers from 0 */
    OMO_LAW_GEOMETRIC,   /* a = mean (at least 1); whole numbers from 1 */
    OMO_LAW_BETA,        /* a = high, b = alpha, c = beta: high times a beta variable on [0, 1] */
    OMO_LAW_BINOMIAL,    /* a = trials (whole), b = probability; whole numbers from 0 */
    /* a = mean, b = size: variance mean + mean^2 / size; whole numbers from 0 */
    OMO_LAW_NEGATIVE_BINOMIAL,
    OMO_LAW_ZIPF,      /* a = ranks (whole), b = exponent: P(k) ~ k^-b for k = 1..a */
    OMO_LAW_EMPIRICAL, /* table: its values, in proportion to their weights */
    OMO_LAW_KIND_COUNT
} omo_law_kind;

/* Values with weights. Sealed when it is made: any thread may draw from it. */
typedef struct omo_empirical omo_empirical;

typedef struct omo_law {
    omo_law_kind kind;
    double a, b, c;
    const omo_empirical *table; /* of an empirical law, borrowed; a model keeps its own copy */
} omo_law;

/* Name of a kind ("exponential"), or NULL past the last one. Static storage. */
OMO_API const char *omo_law_name(omo_law_kind kind);
/* Parameter list of a kind as help shows it ("mean, cv"). Static storage. */
OMO_API const char *omo_law_parameters(omo_law_kind kind);
/* Number of parameters that a kind takes, 1 to 3; 0 of an empirical law, which has a table. */
OMO_API uint32_t omo_law_parameter_count(omo_law_kind kind);
/* Whether parameter `i` scales with the variable (a mean, a bound) and so carries its unit; shapes,
 * phases and cv do not. */
OMO_API bool omo_law_parameter_scales(omo_law_kind kind, uint32_t i);
/* OMO_OK when parameters are finite, in range, and the variable can't be negative; else OMO_EINVAL
 * with the text set. */
OMO_API omo_status omo_law_check(const omo_law *law, omo_error *ret_error);
/* Exact mean and variance of a law that passes the check (for normal: of the untruncated variable;
 * a variance past the largest double is infinite). */
OMO_API double omo_law_mean(const omo_law *law);
OMO_API double omo_law_variance(const omo_law *law);

/* A table of `count` values (1 to 2^20, finite, 0 to 2^62) with weights (finite, not negative, some
 * above 0; NULL: all equal), both copied. Caller frees. NULL with the error set when they are not
 * so or memory is short. */
OMO_API omo_empirical *omo_empirical_new(const double *value, const double *weight, uint32_t count,
                                         omo_error *ret_error);
OMO_API void omo_empirical_free(omo_empirical *table);
OMO_API uint32_t omo_empirical_count(const omo_empirical *table);
/* Value `i` and its probability; i < count. */
OMO_API double omo_empirical_value(const omo_empirical *table, uint32_t i);
OMO_API double omo_empirical_share(const omo_empirical *table, uint32_t i);

#ifdef __cplusplus
}
#endif
#endif
