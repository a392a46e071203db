/* Laws of popularity: what share of all sales has the product of rank 1, 2, ...?
 *
 *     Zipf         k^-s                 (Zipf 1949)
 *     Mandelbrot   (k + q)^-s           the head is flatter than the tail (Mandelbrot 1953)
 *     lognormal    exp(sigma z_k)       popularity is lognormal over the products; z_k is the normal
 *                                       quantile of (K - k + 1/2) / K
 *
 * each divided by its sum over the K products. The likelihood is that of so many sales falling on so
 * many ranks. The ranks come from the same sales, as usual with such fits: a product's rank is taken
 * as known, which flatters all three laws alike; so the comparison is fair and the standard errors
 * are a little small. All derivatives are means, variances and covariances under the law itself.
 */
#include "base/core.h"
#include "base/maths.h"
#include "experiment/climb.h"

#include <omosim/fit.h>

struct rank_context {
    omo_rank_law law;
    const double *weights;
    size_t count;
    double total;
};

/* Normal quantile that stands for a rank from 1. */
static double rank_quantile(size_t rank, size_t count)
{
    const double k = (double)rank - 0.5, n = (double)count;

    return maths_normal_quantile_of((n - k) / n, k / n);
}

/* Log of a rank's weight before it is divided by the sum. */
static double rank_log_weight(const omo_rank_fit *fit, size_t rank)
{
    switch (fit->law) {
    case OMO_RANK_ZIPF:
    case OMO_RANK_MANDELBROT:
        return -fit->exponent * maths_log((double)rank + fit->shift);
    case OMO_RANK_LOGNORMAL:
        return fit->exponent * rank_quantile(rank, fit->count);
    case OMO_RANK_LAWS:
        break;
    }
    OMO_ASSERT(false);
    return 0;
}

/* With l the derivative of the log weight by the exponent, u that of -l by the shift: sums of both
 * and their products, once under the law (of the weights themselves), once under the data. */
struct rank_sums {
    double w, l, ll, u, uu, lu;
};

static void rank_sum(struct rank_sums *sums, double w, double l, double u)
{
    sums->w += w;
    sums->l += w * l;
    sums->ll += w * l * l;
    sums->u += w * u;
    sums->uu += w * u * u;
    sums->lu += w * l * u;
}

static void rank_add_all(const void *context, const double *parameter, struct climb_slope *slope)
{
    const struct rank_context *c = context;
    const double s = parameter[0];
    omo_rank_fit fit = {.law = c->law, .exponent = s, .count = c->count};
    struct rank_sums law = {0}, data = {0};
    double top, l, ll, u, uu, lu;

    if (c->law == OMO_RANK_MANDELBROT)
        fit.shift = parameter[1];
    top = rank_log_weight(&fit, 1);
    for (size_t i = 0; i < c->count; i++) {
        const double log_weight = rank_log_weight(&fit, i + 1);
        const double step = c->law == OMO_RANK_MANDELBROT ? 1 / ((double)i + 1 + fit.shift) : 0;

        rank_sum(&law, maths_exp(log_weight - top), log_weight / s, step);
        rank_sum(&data, c->weights[i], log_weight / s, step);
    }
    l = law.l / law.w;
    u = law.u / law.w;
    ll = law.ll / law.w - l * l; /* variances and covariance */
    uu = law.uu / law.w - u * u;
    lu = law.lu / law.w - l * u;
    slope->value += s * data.l - data.w * (maths_log(law.w) + top);
    slope->gradient[0] += data.l - data.w * l;
    slope->hessian[0][0] -= data.w * ll;
    if (c->law != OMO_RANK_MANDELBROT)
        return;
    /* l = -log(k + q), so its derivative by q is -u, and that of u is -u^2. */
    slope->gradient[1] += s * (data.w * u - data.u);
    slope->hessian[0][1] += data.w * u - data.u + data.w * s * lu;
    slope->hessian[1][1] += s * data.uu - s * data.w * (law.uu / law.w) - s * s * data.w * uu;
}

double omo_rank_share(const omo_rank_fit *fit, size_t rank)
{
    OMO_ASSERT(rank >= 1 && rank <= fit->count);
    return maths_exp(rank_log_weight(fit, rank) - fit->log_sum);
}

/* Sum of the weights, and the largest distance of the two cumulative shares. */
static void rank_finish(const struct rank_context *c, omo_rank_fit *fit)
{
    const double top = rank_log_weight(fit, 1);
    double sum = 0, law = 0, data = 0;

    for (size_t i = 0; i < c->count; i++)
        sum += maths_exp(rank_log_weight(fit, i + 1) - top);
    fit->log_sum = top + maths_log(sum);
    for (size_t i = 0; i < c->count; i++) {
        double distance;

        law += omo_rank_share(fit, i + 1);
        data += c->weights[i] / c->total;
        distance = law > data ? law - data : data - law;
        fit->distance = distance > fit->distance ? distance : fit->distance;
    }
}

static omo_status rank_check(const double *weights, size_t count, double *ret_total,
                             omo_error *ret_error)
{
    double total = 0;

    if (weights == NULL || count < 3)
        return core_error(ret_error, OMO_EINVAL, "a law of popularity needs at least 3 products");
    for (size_t i = 0; i < count; i++) {
        if (!(weights[i] > 0 && weights[i] <= 1e15))
            return core_error(ret_error, OMO_EINVAL, "product %zu has a weight of %g; above 0", i,
                              weights[i]);
        if (i > 0 && weights[i] > weights[i - 1])
            return core_error(ret_error, OMO_EINVAL,
                              "product %zu sells more than the one before it; they come in the "
                              "order of popularity",
                              i);
        total += weights[i];
    }
    if (!(weights[0] > weights[count - 1]))
        return core_error(ret_error, OMO_EINVAL,
                          "all products sell alike; the likelihood has no maximum");
    *ret_total = total;
    return OMO_OK;
}

omo_status omo_rank_estimate(omo_rank_law law, const double *weights, size_t count,
                             omo_rank_fit *ret_fit, omo_error *ret_error)
{
    static const double start[2] = {0.8, 1};
    struct rank_context context = {.law = law, .weights = weights, .count = count};
    struct climb c = {.count = law == OMO_RANK_MANDELBROT ? 2 : 1,
                      .function = rank_add_all,
                      .context = &context};
    omo_rank_fit fit = {.law = law, .count = count};
    omo_status status;

    if ((uint32_t)law >= OMO_RANK_LAWS)
        return core_error(ret_error, OMO_EINVAL, "there is no law of popularity %u", (unsigned)law);
    status = rank_check(weights, count, &context.total, ret_error);
    if (status != OMO_OK)
        return status;
    climb(&c, start);
    fit.exponent = c.parameter[0];
    fit.exponent_error = c.error[0];
    fit.shift = law == OMO_RANK_MANDELBROT ? c.parameter[1] : 0;
    fit.parameters = c.count;
    fit.edge = c.edge;
    fit.log_likelihood = c.slope.value;
    fit.aic = 2.0 * fit.parameters - 2 * fit.log_likelihood;
    rank_finish(&context, &fit);
    *ret_fit = fit;
    return OMO_OK;
}
