/* Gamma-gamma: what a purchase is worth, from each customer's mean.
 *
 * A customer's mean z over x purchases has the density (Fader, Hardie and Berger 2004, equation 1a)
 *
 *     G(px + q) / (G(px) G(q))  gamma^q  (xz)^(px) / (gamma + xz)^(px + q)  /  z
 *
 * with G the gamma function. px is no whole number, so here the gamma function and its derivatives
 * are needed. Amounts are divided by their mean first: then the search is the same in any currency.
 */
#include "base/core.h"
#include "base/maths.h"
#include "experiment/climb.h"

#include <omosim/fit.h>

#define SPEND_N 3
#define SPEND_MEAN_MAX 1e15

enum { SPEND_P, SPEND_Q, SPEND_GAMMA };

struct spend_context {
    const omo_spending *spendings;
    size_t count;
    double mean;
};

static void spend_add(const omo_spend *m, double x, double z, struct climb_slope *s)
{
    const double sum = m->p * x + m->q, scale = m->gamma + x * z, log_scale = maths_log(scale);
    const double digamma = maths_digamma(sum), trigamma = maths_trigamma(sum);

    s->value += maths_log_gamma(sum) - maths_log_gamma(m->p * x) + m->p * x * maths_log(x * z) -
                sum * log_scale - maths_log(z);
    s->gradient[SPEND_P] += x * (digamma - maths_digamma(m->p * x) + maths_log(x * z) - log_scale);
    s->gradient[SPEND_Q] += digamma - log_scale;
    s->gradient[SPEND_GAMMA] -= sum / scale;
    s->hessian[SPEND_P][SPEND_P] += x * x * (trigamma - maths_trigamma(m->p * x));
    s->hessian[SPEND_P][SPEND_Q] += x * trigamma;
    s->hessian[SPEND_P][SPEND_GAMMA] -= x / scale;
    s->hessian[SPEND_Q][SPEND_Q] += trigamma;
    s->hessian[SPEND_Q][SPEND_GAMMA] -= 1 / scale;
    s->hessian[SPEND_GAMMA][SPEND_GAMMA] += sum / (scale * scale);
}

static void spend_add_all(const void *context, const double *parameter, struct climb_slope *slope)
{
    const struct spend_context *c = context;
    const omo_spend m = {.p = parameter[SPEND_P],
                         .q = parameter[SPEND_Q],
                         .gamma = parameter[SPEND_GAMMA]};
    const double n = (double)c->count, log_gamma = maths_log(m.gamma);

    for (size_t i = 0; i < c->count; i++)
        spend_add(&m, c->spendings[i].count, c->spendings[i].mean / c->mean, slope);
    /* What is the same for all customers. */
    slope->value += n * (m.q * log_gamma - maths_log_gamma(m.q));
    slope->gradient[SPEND_Q] += n * (log_gamma - maths_digamma(m.q));
    slope->gradient[SPEND_GAMMA] += n * m.q / m.gamma;
    slope->hessian[SPEND_Q][SPEND_Q] -= n * maths_trigamma(m.q);
    slope->hessian[SPEND_Q][SPEND_GAMMA] += n / m.gamma;
    slope->hessian[SPEND_GAMMA][SPEND_GAMMA] -= n * m.q / (m.gamma * m.gamma);
}

static omo_status spend_check(const omo_spending *spendings, size_t count, omo_error *ret_error)
{
    bool differ = false;

    if (count < 2 || spendings == NULL)
        return core_error(ret_error, OMO_EINVAL, "a fit needs at least 2 customers");
    for (size_t i = 0; i < count; i++) {
        if (!(spendings[i].mean > 0 && spendings[i].mean <= SPEND_MEAN_MAX) ||
            spendings[i].count < 1)
            return core_error(ret_error, OMO_EINVAL,
                              "customer %zu has a mean of %g over %u purchases; means are above 0, "
                              "of at least one purchase",
                              i, spendings[i].mean, spendings[i].count);
        differ = differ || spendings[i].mean < spendings[0].mean ||
                 spendings[i].mean > spendings[0].mean;
    }
    if (!differ)
        return core_error(ret_error, OMO_EINVAL,
                          "all customers spend the same; the likelihood has no maximum");
    return OMO_OK;
}

omo_status omo_spend_estimate(const omo_spending *spendings, size_t count, omo_spend_fit *ret_fit,
                              omo_error *ret_error)
{
    static const double start[SPEND_N] = {3, 3, 1};
    const omo_status status = spend_check(spendings, count, ret_error);
    struct spend_context context = {.spendings = spendings, .count = count};
    struct climb c = {.count = SPEND_N, .function = spend_add_all, .context = &context};
    omo_spend_fit fit = {.customer_count = count};

    if (status != OMO_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        context.mean += spendings[i].mean / (double)count;
    climb(&c, start);
    fit.model = (omo_spend){.p = c.parameter[SPEND_P],
                            .q = c.parameter[SPEND_Q],
                            .gamma = c.parameter[SPEND_GAMMA] * context.mean};
    fit.standard_error = (omo_spend){.p = c.error[SPEND_P],
                                     .q = c.error[SPEND_Q],
                                     .gamma = c.error[SPEND_GAMMA] * context.mean};
    fit.mean = fit.model.q > 1 ? fit.model.p * fit.model.gamma / (fit.model.q - 1)
                               : (double)__builtin_inf();
    fit.log_likelihood = c.slope.value - (double)count * maths_log(context.mean);
    fit.iterations = c.iterations;
    fit.edge = c.edge;
    *ret_fit = fit;
    return OMO_OK;
}

double omo_chi_square_tail(double statistic, uint32_t degrees)
{
    OMO_ASSERT(statistic >= 0);
    OMO_ASSERT(degrees >= 1);
    return maths_gamma_upper(degrees / 2.0, statistic / 2);
}
