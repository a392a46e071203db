/* Lognormal prices: the likeliest parameters are the mean and variance of the logarithms. */
#include "base/core.h"
#include "base/maths.h"

#include <omosim/fit.h>

/* Normal distribution function. */
static double price_normal(double z)
{
    const double tail = 0.5 * maths_gamma_upper(0.5, z * z / 2);

    return z > 0 ? 1 - tail : tail;
}

omo_status omo_lognormal_estimate(const double *values, size_t count, omo_lognormal_fit *ret_fit,
                                  omo_error *ret_error)
{
    const double n = (double)count;
    omo_lognormal_fit fit = {0};
    double spread = 0, square;

    if (values == NULL || count < 2)
        return core_error(ret_error, OMO_EINVAL, "a lognormal law needs at least 2 values");
    for (size_t i = 0; i < count; i++) {
        if (!(values[i] > 0 && values[i] <= 1e15))
            return core_error(ret_error, OMO_EINVAL, "value %zu is %g; values are above 0", i,
                              values[i]);
        if (i > 0 && values[i] < values[i - 1])
            return core_error(ret_error, OMO_EINVAL,
                              "value %zu is below the one before it; they come ascending", i);
        fit.log_mean += maths_log(values[i]) / n;
    }
    for (size_t i = 0; i < count; i++) {
        const double from = maths_log(values[i]) - fit.log_mean;

        spread += from * from / n;
    }
    if (!(values[count - 1] > values[0]))
        return core_error(ret_error, OMO_EINVAL, "all values are the same");
    fit.log_deviation = maths_sqrt(spread);
    fit.mean = maths_exp(fit.log_mean + spread / 2);
    fit.cv = maths_sqrt(maths_exp(spread) - 1);
    for (size_t i = 0; i < count; i++) {
        const double law = price_normal((maths_log(values[i]) - fit.log_mean) / fit.log_deviation);
        const double below = law - (double)i / n, above = ((double)i + 1) / n - law;

        square = below > above ? below : above;
        fit.distance = square > fit.distance ? square : fit.distance;
    }
    *ret_fit = fit;
    return OMO_OK;
}
