/* Probability laws that a model may name: service times, lead times, basket sizes.
 *
 * A law is plain data. Time laws are in microseconds; the scenario layer converts units before it
 * makes one. Every law is sampled from keyed draws with arithmetic that gives the same bits on
 * every machine (no libm).
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
    OMO_LAW_KIND_COUNT
} omo_law_kind;

typedef struct omo_law {
    omo_law_kind kind;
    double a, b, c;
} omo_law;

/* Name of a kind ("exponential"), or NULL past the last one. Static storage. */
OMO_API const char *omo_law_name(omo_law_kind kind);
/* Parameter list of a kind as help shows it ("mean, cv"). Static storage. */
OMO_API const char *omo_law_parameters(omo_law_kind kind);
/* Number of parameters that a kind takes, 1 to 3. */
OMO_API uint32_t omo_law_parameter_count(omo_law_kind kind);
/* Whether parameter `i` scales with the variable (a mean, a bound) and so carries its unit; shapes,
 * phases and cv do not. */
OMO_API bool omo_law_parameter_scales(omo_law_kind kind, uint32_t i);
/* OMO_OK when parameters are finite, in range, and the variable can't be negative; else OMO_EINVAL
 * with the text set. */
OMO_API omo_status omo_law_check(const omo_law *law, omo_error *ret_error);
/* Exact mean of the law (for normal: of the untruncated variable). */
OMO_API double omo_law_mean(const omo_law *law);

#ifdef __cplusplus
}
#endif
#endif
