/* BG/NBD: the likelihood and its maximum.
 *
 * The likelihood of x repeats, the last at t, watched for T (Fader, Hardie and Lee 2005, equation 6)
 * falls into a factor for a customer who is still there, and one plus the odds that the last
 * purchase was the end:
 *
 *     (r)_x alpha^r (b)_x / (a+b)_x / (alpha + T)^(r+x)  x  (1 + e^d),
 *     e^d = a / (b + x - 1)  ((alpha + T) / (alpha + t))^(r+x)      for x > 0, else 0
 *
 * with rising factorials (c)_x = c (c+1) ... (c+x-1). No gamma function is needed: histories come by
 * ascending x, so logarithms of rising factorials and their derivatives are running sums. They are
 * exact where differences of log-gamma cancel (large parameters), and nothing overflows, which is
 * what the textbook form does for busy customers (Fader and Hardie, note 027, 2013).
 *
 * The maximum is looked for by climb.c from the best of a small grid; four or five steps do.
 */
#include "base/core.h"
#include "base/maths.h"
#include "experiment/climb.h"

#include <omosim/fit.h>

#define BGNBD_N OMO_BGNBD_PARAMETERS
#define BGNBD_TIME_MAX 1e12
#define BGNBD_PARAMETER_MAX 1e100

static_assert(BGNBD_N <= CLIMB_MAX, "the search has room for the parameters");

enum { BGNBD_R, BGNBD_ALPHA, BGNBD_A, BGNBD_B };

/* Running sums over j < x of log(c + j), 1 / (c + j), 1 / (c + j)^2. */
struct bgnbd_rising {
    double log, first, second;
};

static void bgnbd_raise(struct bgnbd_rising *rising, double c)
{
    rising->log += maths_log(c);
    rising->first += 1 / c;
    rising->second += 1 / (c * c);
}

/* The part that depends on x alone, for `count` customers. */
static void bgnbd_add_rising(const struct bgnbd_rising *r, const struct bgnbd_rising *b,
                             const struct bgnbd_rising *ab, double count, struct climb_slope *s)
{
    s->value += count * (r->log + b->log - ab->log);
    s->gradient[BGNBD_R] += count * r->first;
    s->gradient[BGNBD_A] -= count * ab->first;
    s->gradient[BGNBD_B] += count * (b->first - ab->first);
    s->hessian[BGNBD_R][BGNBD_R] -= count * r->second;
    s->hessian[BGNBD_A][BGNBD_A] += count * ab->second;
    s->hessian[BGNBD_A][BGNBD_B] += count * ab->second;
    s->hessian[BGNBD_B][BGNBD_B] += count * (ab->second - b->second);
}

/* The rest: times, and whether the last purchase was the end. */
static void bgnbd_add_times(const omo_bgnbd *m, double log_alpha, double log_a,
                            const omo_history *h, struct climb_slope *s)
{
    const double count = (double)h->count, x = h->repeats, sum = m->r + x;
    const double age = 1 / (m->alpha + h->age), log_age = maths_log(m->alpha + h->age);
    double slope[BGNBD_N], last, d, gone, both, bend;

    s->value += count * (m->r * log_alpha - sum * log_age);
    s->gradient[BGNBD_R] += count * (log_alpha - log_age);
    s->gradient[BGNBD_ALPHA] += count * (m->r / m->alpha - sum * age);
    s->hessian[BGNBD_R][BGNBD_ALPHA] += count * (1 / m->alpha - age);
    s->hessian[BGNBD_ALPHA][BGNBD_ALPHA] +=
        count * (sum * age * age - m->r / (m->alpha * m->alpha));
    if (h->repeats == 0)
        return;

    last = 1 / (m->alpha + h->last);
    slope[BGNBD_R] = log_age - maths_log(m->alpha + h->last);
    slope[BGNBD_ALPHA] = sum * (age - last);
    slope[BGNBD_A] = 1 / m->a;
    slope[BGNBD_B] = -1 / (m->b + x - 1);
    d = log_a - maths_log(m->b + x - 1) + sum * slope[BGNBD_R];
    if (d > 0) {
        gone = 1 / (1 + maths_exp(-d));
        s->value += count * (d - maths_log(gone));
    } else {
        gone = maths_exp(d);
        s->value += count * maths_log(1 + gone);
        gone /= 1 + gone;
    }
    both = count * gone * (1 - gone);
    bend = count * gone;
    for (int i = 0; i < BGNBD_N; i++) {
        s->gradient[i] += bend * slope[i];
        for (int j = i; j < BGNBD_N; j++)
            s->hessian[i][j] += both * slope[i] * slope[j];
    }
    s->hessian[BGNBD_R][BGNBD_ALPHA] += bend * (age - last);
    s->hessian[BGNBD_ALPHA][BGNBD_ALPHA] += bend * sum * (last * last - age * age);
    s->hessian[BGNBD_A][BGNBD_A] -= bend * slope[BGNBD_A] * slope[BGNBD_A];
    s->hessian[BGNBD_B][BGNBD_B] += bend * slope[BGNBD_B] * slope[BGNBD_B];
}

struct bgnbd_context {
    const omo_history *histories;
    size_t count;
};

static omo_bgnbd bgnbd_of(const double *p)
{
    return (omo_bgnbd){.r = p[BGNBD_R], .alpha = p[BGNBD_ALPHA], .a = p[BGNBD_A], .b = p[BGNBD_B]};
}

static void bgnbd_add_all(const void *context, const double *parameter, struct climb_slope *slope)
{
    const struct bgnbd_context *c = context;
    const omo_bgnbd m = bgnbd_of(parameter);
    const double log_alpha = maths_log(m.alpha), log_a = maths_log(m.a);
    struct bgnbd_rising r = {0}, b = {0}, ab = {0};
    uint32_t x = 0;

    for (size_t i = 0; i < c->count; i++) {
        const omo_history *h = &c->histories[i];

        for (; x < h->repeats; x++) {
            bgnbd_raise(&r, m.r + x);
            bgnbd_raise(&b, m.b + x);
            bgnbd_raise(&ab, m.a + m.b + x);
        }
        bgnbd_add_rising(&r, &b, &ab, (double)h->count, slope);
        bgnbd_add_times(&m, log_alpha, log_a, h, slope);
    }
}

/* ---- checks ---------------------------------------------------------------------------------- */

static omo_status bgnbd_check_history(const omo_history *h, size_t i, uint32_t repeats_before,
                                      omo_error *ret_error)
{
    if (h->count < 1)
        return core_error(ret_error, OMO_EINVAL, "history %zu is of 0 customers", i);
    if (!(h->age >= 0 && h->age <= BGNBD_TIME_MAX) || !(h->last >= 0 && h->last <= h->age))
        return core_error(ret_error, OMO_EINVAL,
                          "history %zu has its last purchase at %g and is watched for %g; times "
                          "are not negative, and nobody buys later than watched",
                          i, h->last, h->age);
    if ((h->repeats > 0) != (h->last > 0))
        return core_error(ret_error, OMO_EINVAL,
                          "history %zu has %u repeats and the last at %g; a repeat comes later "
                          "than the first purchase",
                          i, h->repeats, h->last);
    if (h->repeats > OMO_REPEATS_MAX)
        return core_error(ret_error, OMO_EINVAL, "history %zu has %u repeats; at most %u", i,
                          h->repeats, OMO_REPEATS_MAX);
    if (h->repeats < repeats_before)
        return core_error(ret_error, OMO_EINVAL,
                          "history %zu has %u repeats after one of %u; they come ascending", i,
                          h->repeats, repeats_before);
    return OMO_OK;
}

static omo_status bgnbd_check(const omo_history *histories, size_t count, omo_error *ret_error)
{
    uint32_t before = 0;

    if (histories == NULL && count > 0)
        return core_error(ret_error, OMO_EINVAL, "there are no histories");
    for (size_t i = 0; i < count; i++) {
        const omo_status status = bgnbd_check_history(&histories[i], i, before, ret_error);

        if (status != OMO_OK)
            return status;
        before = histories[i].repeats;
    }
    return OMO_OK;
}

omo_status omo_bgnbd_log_likelihood(const omo_bgnbd *model, const omo_history *histories,
                                    size_t count, double *ret_log_likelihood, double *ret_gradient,
                                    double (*ret_hessian)[OMO_BGNBD_PARAMETERS],
                                    omo_error *ret_error)
{
    const omo_status status = bgnbd_check(histories, count, ret_error);
    const struct bgnbd_context context = {.histories = histories, .count = count};
    const struct climb c = {.count = BGNBD_N, .function = bgnbd_add_all, .context = &context};
    const double parameter[BGNBD_N] = {model->r, model->alpha, model->a, model->b};
    struct climb_slope slope;

    if (status != OMO_OK)
        return status;
    for (int i = 0; i < BGNBD_N; i++)
        if (!(parameter[i] > 0 && parameter[i] <= BGNBD_PARAMETER_MAX))
            return core_error(ret_error, OMO_EINVAL, "r, alpha, a and b are above 0");
    climb_evaluate(&c, parameter, &slope);
    *ret_log_likelihood = slope.value;
    for (int i = 0; i < BGNBD_N; i++) {
        if (ret_gradient != NULL)
            ret_gradient[i] = slope.gradient[i];
        for (int j = 0; j < BGNBD_N && ret_hessian != NULL; j++)
            ret_hessian[i][j] = slope.hessian[i][j];
    }
    return OMO_OK;
}

/* ---- the maximum ----------------------------------------------------------------------------- */

/* The best of a grid: rate as observed while customers are likely still there, drop-out from rare
 * to usual. */
static void bgnbd_start(const struct climb *c, const omo_history *histories, size_t count,
                        double *ret_start)
{
    static const double shapes[] = {0.3, 1, 3}, drops[] = {0.05, 0.25, 0.6};
    double watched = 0, bought = 0, best = 0;
    bool first = true;

    for (size_t i = 0; i < count; i++) {
        const double n = (double)histories[i].count, x = histories[i].repeats;

        bought += n * x;
        watched += n * (histories[i].last + (histories[i].age - histories[i].last) / (1 + x));
    }
    for (int s = 0; s < 3; s++)
        for (int d = 0; d < 3; d++) {
            const double at[BGNBD_N] = {shapes[s], shapes[s] * watched / bought, 2 * drops[d],
                                        2 * (1 - drops[d])};
            struct climb_slope slope;

            climb_evaluate(c, at, &slope);
            if (!first && slope.value <= best)
                continue;
            first = false;
            best = slope.value;
            memcpy(ret_start, at, sizeof(at));
        }
}

omo_status omo_bgnbd_estimate(const omo_history *histories, size_t count, omo_bgnbd_fit *ret_fit,
                              omo_error *ret_error)
{
    const omo_status status = bgnbd_check(histories, count, ret_error);
    const struct bgnbd_context context = {.histories = histories, .count = count};
    struct climb c = {.count = BGNBD_N, .function = bgnbd_add_all, .context = &context};
    double start[BGNBD_N];
    omo_bgnbd_fit fit = {0};

    if (status != OMO_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        fit.customer_count += histories[i].count;
        fit.repeat_count += histories[i].count * histories[i].repeats;
    }
    if (fit.customer_count < 2)
        return core_error(ret_error, OMO_EINVAL, "a fit needs at least 2 customers");
    if (fit.repeat_count == 0)
        return core_error(ret_error, OMO_EINVAL,
                          "nobody bought a second time; the likelihood has no maximum");
    bgnbd_start(&c, histories, count, start);
    climb(&c, start);
    fit.model = bgnbd_of(c.parameter);
    fit.standard_error = bgnbd_of(c.error);
    fit.log_likelihood = c.slope.value;
    memcpy(fit.covariance, c.covariance, sizeof(fit.covariance));
    fit.iterations = c.iterations;
    fit.edge = c.edge;
    *ret_fit = fit;
    return OMO_OK;
}
