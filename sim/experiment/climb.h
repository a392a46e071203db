/* The maximum of a smooth function of a few positive parameters, such as a log-likelihood.
 *
 * Newton's method in the logarithms of the parameters, with the exact matrix of second derivatives,
 * its diagonal raised where a step does not climb (Levenberg 1944, Marquardt 1963). Ends when
 * another step would gain less than CLIMB_GAIN_MIN, or less than rounding of the value hides. The
 * matrix at the end is the observed information, so standard errors cost nothing more.
 */
#ifndef OMO_EXPERIMENT_CLIMB_H
#define OMO_EXPERIMENT_CLIMB_H

#include "base/core.h"

#define CLIMB_MAX 4 /* parameters */
#define CLIMB_GAIN_MIN 1e-9
#define CLIMB_ROUNDING 1e-13 /* of the value: sums over a million customers are not better */
/* A parameter is looked for within this factor of its start. */
#define CLIMB_RANGE 1e6

/* Value and derivatives. While they are gathered, of the parameters themselves, and the matrix on
 * and above its diagonal; climb() turns them into those of the logarithms. */
struct climb_slope {
    double value;
    double gradient[CLIMB_MAX];
    double hessian[CLIMB_MAX][CLIMB_MAX];
};

/* Adds to a slope that is all 0. */
typedef void (*climb_function)(const void *context, const double *parameter,
                               struct climb_slope *slope);

struct climb {
    uint32_t count; /* of parameters */
    climb_function function;
    const void *context; /* borrowed */
    /* Set by climb(). */
    double parameter[CLIMB_MAX];
    struct climb_slope slope;                /* in logarithms, both halves of the matrix */
    double covariance[CLIMB_MAX][CLIMB_MAX]; /* of logarithms; NaN when not known */
    double error[CLIMB_MAX];                 /* standard errors of parameters; NaN when not known */
    uint32_t iterations;
    uint32_t edge; /* bit i: parameter i ran to the edge of its range */
};

/* From the parameters in `start`, positive. */
void climb(struct climb *c, const double *start);
/* Value and derivatives in logarithms at one point. */
void climb_evaluate(const struct climb *c, const double *parameter, struct climb_slope *ret_slope);

#endif
