/* The regularised incomplete gamma function: its power series below a + 1, Lentz's continued
 * fraction of the rest above (Press et al., "Numerical Recipes", 3rd ed., 6.2; Lentz 1976). Both
 * take a few dozen steps where a is not large; sqrt(a) of them where it is. */
#include "base/maths_gamma.h"

#include "base/maths.h"

#define MATHS_GAMMA_STEPS 100000
#define MATHS_GAMMA_SMALL 1e-15

static double maths_gamma_series(double a, double x)
{
    double term = 1.0 / a, sum = term;

    for (uint32_t i = 1; i < MATHS_GAMMA_STEPS; i++) {
        term *= x / (a + i);
        sum += term;
        if (term < sum * MATHS_GAMMA_SMALL)
            break;
    }
    return sum;
}

static double maths_gamma_fraction(double a, double x)
{
    const double tiny = 1e-300;
    double b = x + 1.0 - a, c = 1.0 / tiny, d = 1.0 / b, h = d;

    for (uint32_t i = 1; i < MATHS_GAMMA_STEPS; i++) {
        double n = -(double)i * ((double)i - a);
        b += 2.0;
        d = n * d + b;
        d = 1.0 / (d == 0.0 ? tiny : d);
        c = b + n / c;
        c = c == 0.0 ? tiny : c;
        double factor = c * d;
        h *= factor;
        if (factor - 1.0 < MATHS_GAMMA_SMALL && 1.0 - factor < MATHS_GAMMA_SMALL)
            break;
    }
    return h;
}

double maths_gamma_below(double a, double x)
{
    OMO_ASSERT(a > 0.0);
    if (x <= 0.0)
        return 0.0;
    double front = maths_exp(a * maths_log(x) - x - maths_log_gamma(a));
    if (x < a + 1.0)
        return front * maths_gamma_series(a, x);
    return 1.0 - front * maths_gamma_fraction(a, x);
}
