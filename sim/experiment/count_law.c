/* Laws of small counts from 1 on: lines of a basket, units of a line.
 *
 * One more than a geometric, Poisson or negative binomial variable, so that a basket is never empty.
 * Of all three the mean of the data is the likeliest mean, in closed form. The negative binomial law
 * has a second parameter, its size, found by climb.c with running sums instead of gamma functions;
 * it lies between the others (size 1 is geometric, size infinite is Poisson), and data that vary less
 * than Poisson drive it to the edge.
 */
#include "base/core.h"
#include "base/maths.h"
#include "experiment/climb.h"

#include <omosim/fit.h>

struct count_context {
    const uint64_t *counts; /* of values 1, 2, ... */
    size_t size;
    double total, mean; /* observations; mean of value - 1 */
};

/* Log of the chance of y = value - 1. */
static double count_log_chance(const omo_count_fit *fit, uint32_t y)
{
    const double m = fit->mean - 1, s = fit->size;
    double sum = 0;

    if (!(m > 0))
        return y == 0 ? 0 : -(double)__builtin_inf();
    switch (fit->law) {
    case OMO_COUNT_GEOMETRIC:
        return y * maths_log(m / (1 + m)) - maths_log(1 + m);
    case OMO_COUNT_POISSON:
        return y * maths_log(m) - m - maths_log_gamma(y + 1.0);
    case OMO_COUNT_NEGATIVE_BINOMIAL:
        for (uint32_t j = 0; j < y; j++)
            sum += maths_log((s + j) / (j + 1.0));
        return sum + s * maths_log(s / (s + m)) + y * maths_log(m / (s + m));
    case OMO_COUNT_LAWS:
        break;
    }
    OMO_ASSERT(false);
    return 0;
}

/* Log-likelihood of the size at the data's mean, less what does not depend on it. */
static void count_add_all(const void *context, const double *parameter, struct climb_slope *slope)
{
    const struct count_context *c = context;
    const double s = parameter[0], n = c->total, m = c->mean;
    double log = 0, first = 0, second = 0;

    for (size_t y = 0; y < c->size; y++) {
        const double count = (double)c->counts[y];

        slope->value += count * (log + (double)y * maths_log(m / (s + m)));
        slope->gradient[0] += count * first;
        slope->hessian[0][0] -= count * second;
        log += maths_log(s + (double)y);
        first += 1 / (s + (double)y);
        second += 1 / ((s + (double)y) * (s + (double)y));
    }
    slope->value += n * s * maths_log(s / (s + m));
    slope->gradient[0] += n * maths_log(s / (s + m));
    slope->hessian[0][0] += n * m / (s * (s + m));
}

double omo_count_probability(const omo_count_fit *fit, uint32_t value)
{
    return value == 0 ? 0 : maths_exp(count_log_chance(fit, value - 1));
}

static void count_size(const struct count_context *context, omo_count_fit *fit)
{
    static const double start = 1;
    struct climb c = {.count = 1, .function = count_add_all, .context = context};

    climb(&c, &start);
    fit->size = c.parameter[0];
    fit->edge = c.edge;
}

omo_status omo_count_estimate(omo_count_law law, const uint64_t *counts, size_t size,
                              omo_count_fit *ret_fit, omo_error *ret_error)
{
    struct count_context context = {.counts = counts, .size = size};
    omo_count_fit fit = {.law = law, .parameters = law == OMO_COUNT_NEGATIVE_BINOMIAL ? 2 : 1};
    uint64_t total = 0;
    double sum = 0;

    if ((uint32_t)law >= OMO_COUNT_LAWS)
        return core_error(ret_error, OMO_EINVAL, "there is no law of counts %u", (unsigned)law);
    if (size > OMO_COUNT_MAX)
        return core_error(ret_error, OMO_EINVAL, "counts up to %zu; at most %u", size,
                          OMO_COUNT_MAX);
    for (size_t y = 0; y < size; y++) {
        total += counts[y];
        sum += (double)counts[y] * (double)y;
    }
    if (total == 0)
        return core_error(ret_error, OMO_EINVAL, "there are no observations");
    context.total = (double)total;
    context.mean = sum / (double)total;
    fit.mean = context.mean + 1;
    if (law == OMO_COUNT_NEGATIVE_BINOMIAL && context.mean > 0)
        count_size(&context, &fit);
    for (size_t y = 0; y < size; y++)
        if (counts[y] > 0)
            fit.log_likelihood += (double)counts[y] * count_log_chance(&fit, (uint32_t)y);
    fit.aic = 2.0 * fit.parameters - 2 * fit.log_likelihood;
    *ret_fit = fit;
    return OMO_OK;
}
