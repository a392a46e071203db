/* exp, log, sin, cos, asin, pow with the same bits everywhere, to 2 ulp; no libm.
 *
 * libm's differ in their last bit between processors and compilers, so nothing that reaches the
 * model may call them. sqrt is exact by IEEE 754 and may be used. Domain errors give NaN or
 * infinity as in libm. */
#ifndef OMO_BASE_MATHS_H
#define OMO_BASE_MATHS_H

#include "base/core.h"

double maths_exp(double x);
double maths_log(double x);
double maths_pow(double x, double y); /* x > 0, or x == 0 with y > 0 */
double maths_sin(double x);           /* |x| <= 2^20 */
double maths_cos(double x);           /* |x| <= 2^20 */
double maths_asin(double x);
double maths_sqrt(double x);
double maths_floor(double x);
/* log of gamma(x) for x > 0, relative error below 1e-12 (Lanczos or Stirling; source in the .c). */
double maths_log_gamma(double x);
/* First and second derivative of log gamma(x), x > 0: absolute error below 1e-13 (1 + |result|). */
double maths_digamma(double x);
double maths_trigamma(double x);
/* Upper incomplete gamma function over gamma(a), a > 0, x >= 0: the chance that a gamma variable of
 * shape a and scale 1 exceeds x; with degrees / 2 and statistic / 2 that of chi-square. Absolute
 * error below 1e-10. */
double maths_gamma_upper(double a, double x);
/* Hypergeometric series 2F1(a, b; c; z) of a, b, c > 0 and 0 <= z < 1: relative error below 1e-12
 * for parameters up to 1e4. Its terms are all positive; about 40 / (1 - z) of them are summed. */
double maths_hypergeometric(double a, double b, double c, double z);
/* Inverse of the standard normal distribution function, absolute error below 1e-9 (Wichura AS
 * 241). */
double maths_normal_quantile(double p);
/* The same with rest = 1 - p given without cancellation, for p close to 1; both in (0, 1). */
double maths_normal_quantile_of(double p, double rest);
/* Upper quantile of Student's t: P(|T| <= result) = confidence, degrees >= 1; relative error below
 * 1e-9. */
double maths_student_quantile(double confidence, uint32_t degrees);

#define MATHS_PI 3.14159265358979323846

#endif
