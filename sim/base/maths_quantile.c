/* Quantiles of the normal and of Student's distribution, and the log of the gamma function.
 *
 * Normal: algorithm AS 241 (Wichura, Applied Statistics 37, 1988), the variant PPND16 with about 16
 * digits: one rational function near the median, two in the tails in sqrt(-log p).
 *
 * Student with n degrees: with t = sqrt(n) tan(theta), P(|T| <= t) is a finite sum of powers of
 * cos(theta) (Abramowitz and Stegun 26.7.3 and 26.7.4), exact but for rounding, where an incomplete
 * beta function would need log_gamma and lose digits with n. It is a concave function of theta, so
 * Newton's iteration from below climbs to the solution without overshooting. One and two degrees
 * have closed forms. The sum is O(n), so past 1000 degrees the expansion of Cornish and Fisher
 * around the normal quantile takes over (A. and S. 26.7.5); its four terms leave less than 1e-11
 * there.
 *
 * log_gamma: Stirling's series from 12 on, shifted there by the recurrence from below. Near its
 * zeros at 1 and 2 both would leave only absolute precision, so [0.5, 2.5] uses the Taylor series
 * at 2 (A. and S. 6.1.33), whose coefficients (zeta(k) - 1) / k fall off like 2^-k.
 */
#include "base/maths.h"

#define MATHS_STUDENT_SUM_MAX 1000
#define MATHS_STIRLING_MIN 12.0
#define MATHS_HALF_LOG_2PI 0.9189385332046728
#define MATHS_ONE_LESS_EULER 0.42278433509846713

/* Value of a polynomial, coefficients from the constant term up. */
static double maths_polynomial(const double *coefficient, uint32_t count, double x)
{
    double sum = coefficient[count - 1];

    for (uint32_t i = count - 1; i > 0; i--)
        sum = sum * x + coefficient[i - 1];
    return sum;
}

/* log(gamma(2 + e)) for |e| <= 1/2. */
static double maths_log_gamma_near_two(double e)
{
    static const double coefficient[] = {
        0.3224670334241132,     0.0673523010531981,     0.020580808427784546,
        0.007385551028673986,   0.0028905103307415234,  0.001192753911703261,
        0.0005096695247430425,  0.00022315475845357939, 9.945751278180853e-05,
        4.492623673813314e-05,  2.050721277567069e-05,  9.439488275268397e-06,
        4.374866789907488e-06,  2.039215753801366e-06,  9.55141213040742e-07,
        4.492469198764566e-07,  2.1207184805554665e-07, 1.0043224823968099e-07,
        4.7698101693639804e-08, 2.2711094608943164e-08, 1.0838659214896955e-08,
        5.183475041970047e-09,  2.4836745438024785e-09, 1.1921401405860912e-09,
        5.731367241678862e-10,
    };

    return e * (MATHS_ONE_LESS_EULER + e * maths_polynomial(coefficient, 25, -e));
}

double maths_log_gamma(double x)
{
    static const double stirling[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                      1.0 / 1188, -691.0 / 360360, 1.0 / 156};
    double product = 1;
    double inverse;

    if (!(x > 0) || x > 0x1p1000)
        return x == 0 || x > 0 ? (double)__builtin_inf() : (double)__builtin_nan("");
    if (x >= 1.5 && x <= 2.5)
        return maths_log_gamma_near_two(x - 2);
    if (x >= 0.5 && x < 1.5)
        return maths_log_gamma_near_two(x - 1) - maths_log(x);
    for (; x < MATHS_STIRLING_MIN; x += 1)
        product *= x;
    inverse = 1 / x;
    return ((x - 0.5) * maths_log(x) - x + MATHS_HALF_LOG_2PI) - maths_log(product) +
           inverse * maths_polynomial(stirling, 7, inverse * inverse);
}

/* A polynomial of degree 7 in pairs (Estrin's scheme), which halves the time of Horner's. */
static inline double maths_seventh(const double c[8], double x)
{
    double x2 = x * x;

    return ((c[0] + c[1] * x) + (c[2] + c[3] * x) * x2) +
           ((c[4] + c[5] * x) + (c[6] + c[7] * x) * x2) * (x2 * x2);
}

/* Numerators and denominators of AS 241, from the constant term up. */
static const double maths_center_above[8] = {
    3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
    1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
    3.3430575583588128105e+4, 2.5090809287301226727e+3,
};
static const double maths_center_below[8] = {
    1.0,
    4.2313330701600911252e+1,
    6.8718700749205790830e+2,
    5.3941960214247511077e+3,
    2.1213794301586595867e+4,
    3.9307895800092710610e+4,
    2.8729085735721942674e+4,
    5.2264952788528545610e+3,
};
static const double maths_tail_above[8] = {
    1.42343711074968357734e0,  4.63033784615654529590e0,  5.76949722146069140550e0,
    3.64784832476320460504e0,  1.27045825245236838258e0,  2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4,
};
static const double maths_tail_below[8] = {
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
};
static const double maths_far_above[8] = {
    6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
};
static const double maths_far_below[8] = {
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
};

double maths_normal_quantile_of(double p, double rest)
{
    double q = p - 0.5;
    double r, z;

    if (q >= -0.425 && q <= 0.425) {
        r = 0.180625 - q * q;
        return q * maths_seventh(maths_center_above, r) / maths_seventh(maths_center_below, r);
    }
    r = maths_sqrt(-maths_log(q < 0 ? p : rest));
    if (r <= 5)
        z = maths_seventh(maths_tail_above, r - 1.6) / maths_seventh(maths_tail_below, r - 1.6);
    else
        z = maths_seventh(maths_far_above, r - 5) / maths_seventh(maths_far_below, r - 5);
    return q < 0 ? -z : z;
}

double maths_normal_quantile(double p)
{
    if (p > 0 && p < 1)
        return maths_normal_quantile_of(p, 1 - p);
    if (p == 0 || p == 1)
        return p == 0 ? -(double)__builtin_inf() : (double)__builtin_inf();
    return (double)__builtin_nan("");
}

/* P(|T| <= sqrt(degrees) tan(theta)) and its derivative by theta; degrees >= 3. */
static double maths_student_area(double theta, uint32_t degrees, double *ret_slope)
{
    bool odd = degrees % 2 == 1;
    double sine = maths_sin(theta);
    double cosine = maths_cos(theta);
    double term = odd ? cosine : 1;
    /* Of the density, which for 1 and 2 degrees is constant * cos^(degrees - 1). */
    double constant = odd ? 2 / MATHS_PI : 1;
    double sum = 0;

    for (uint32_t n = odd ? 1 : 0; n + 2 <= degrees; n += 2) {
        double next = (double)n + 1;

        sum += term;
        term *= cosine * cosine * next / (next + 1);
        if (n > 0)
            constant *= next / (double)n;
    }
    *ret_slope = constant * maths_pow(cosine, (double)degrees - 1);
    return odd ? 2 / MATHS_PI * (theta + sine * sum) : sine * sum;
}

/* Expansion in 1 / degrees around the normal quantile z. */
static double maths_student_expand(double z, uint32_t degrees)
{
    static const double first[] = {1.0 / 4, 1.0 / 4};
    static const double second[] = {3.0 / 96, 16.0 / 96, 5.0 / 96};
    static const double third[] = {-15.0 / 384, 17.0 / 384, 19.0 / 384, 3.0 / 384};
    static const double fourth[] = {-945.0 / 92160, -1920.0 / 92160, 1482.0 / 92160, 776.0 / 92160,
                                    79.0 / 92160};
    double h = 1 / (double)degrees;
    double z2 = z * z;

    return z +
           z * h *
               (maths_polynomial(first, 2, z2) +
                h * (maths_polynomial(second, 3, z2) +
                     h * (maths_polynomial(third, 4, z2) + h * maths_polynomial(fourth, 5, z2))));
}

double maths_student_quantile(double confidence, uint32_t degrees)
{
    double rest = 1 - confidence;
    double z, theta, slope, step;

    OMO_ASSERT(confidence > 0 && confidence < 1);
    OMO_ASSERT(degrees >= 1);

    if (degrees == 1)
        return maths_cos(MATHS_PI / 2 * rest) / maths_sin(MATHS_PI / 2 * rest);
    if (degrees == 2)
        return confidence * maths_sqrt(2 / (rest * (1 + confidence)));
    z = -maths_normal_quantile(rest / 2);
    if (degrees > MATHS_STUDENT_SUM_MAX)
        return maths_student_expand(z, degrees);
    theta = maths_asin(z / maths_sqrt((double)degrees + z * z));
    for (uint32_t i = 0; i < 50; i++) {
        step = (confidence - maths_student_area(theta, degrees, &slope)) / slope;
        theta += step;
        if (step < 1e-15 && step > -1e-15)
            break;
    }
    return maths_sqrt((double)degrees) * maths_sin(theta) / maths_cos(theta);
}
