/* The gamma law's distribution function; same bits everywhere, as maths.h. */
#ifndef OMO_BASE_MATHS_GAMMA_H
#define OMO_BASE_MATHS_GAMMA_H

/* P(a, x): the probability that a gamma variable of shape a (1e-3 to 1e6) and scale 1 is below x >= 0.
 * Absolute error below 1e-12. */
double maths_gamma_below(double a, double x);

#endif
