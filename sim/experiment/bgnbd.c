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
 * The maximum is looked for by Newton's method in the logarithms of the parameters with the exact
 * matrix of second derivatives, its diagonal raised where a step does not climb (Levenberg 1944,
 * Marquardt 1963). It starts from the best of a small grid, and ends when another step would gain
 * less than 10^-9 in log-likelihood. The same matrix is the observed information, so standard errors
 * cost nothing. A derivative-free search (Nelder and Mead, as most packages have it) needs ten times
 * the evaluations and stalls on the ridge where a and b grow together.
 */
#include "base/core.h"
#include "base/maths.h"

#include <omosim/fit.h>

#define BGNBD_N OMO_BGNBD_PARAMETERS
#define BGNBD_ITERATIONS_MAX 500
#define BGNBD_GAIN_MIN 1e-9
#define BGNBD_STEP_MAX 1.5     /* of a logarithm, in one step */
#define BGNBD_RANGE 13.8155105 /* log of 10^6 */
#define BGNBD_DAMPING_MAX 1e12
#define BGNBD_TIME_MAX 1e12

enum { BGNBD_R, BGNBD_ALPHA, BGNBD_A, BGNBD_B };

/* Log-likelihood with derivatives; the matrix is filled above the diagonal only until the end. */
struct bgnbd_slope {
    double value;
    double gradient[BGNBD_N];
    double hessian[BGNBD_N][BGNBD_N];
};

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
                             const struct bgnbd_rising *ab, double count, struct bgnbd_slope *s)
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
                            const omo_history *h, struct bgnbd_slope *s)
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

/* To derivatives in the logarithms of the parameters, and both halves of the matrix. */
static void bgnbd_slope_of_logs(const double *parameter, struct bgnbd_slope *s)
{
    for (int i = 0; i < BGNBD_N; i++) {
        s->gradient[i] *= parameter[i];
        for (int j = i; j < BGNBD_N; j++)
            s->hessian[i][j] *= parameter[i] * parameter[j];
        s->hessian[i][i] += s->gradient[i];
    }
    for (int i = 0; i < BGNBD_N; i++)
        for (int j = 0; j < i; j++)
            s->hessian[i][j] = s->hessian[j][i];
}

static omo_bgnbd bgnbd_of_logs(const double *log)
{
    return (omo_bgnbd){.r = maths_exp(log[BGNBD_R]),
                       .alpha = maths_exp(log[BGNBD_ALPHA]),
                       .a = maths_exp(log[BGNBD_A]),
                       .b = maths_exp(log[BGNBD_B])};
}

static void bgnbd_evaluate(const omo_bgnbd *m, const omo_history *histories, size_t count,
                           struct bgnbd_slope *ret_slope)
{
    const double parameter[BGNBD_N] = {m->r, m->alpha, m->a, m->b};
    const double log_alpha = maths_log(m->alpha), log_a = maths_log(m->a);
    struct bgnbd_rising r = {0}, b = {0}, ab = {0};
    struct bgnbd_slope s = {0};
    uint32_t x = 0;

    for (size_t i = 0; i < count; i++) {
        for (; x < histories[i].repeats; x++) {
            bgnbd_raise(&r, m->r + x);
            bgnbd_raise(&b, m->b + x);
            bgnbd_raise(&ab, m->a + m->b + x);
        }
        bgnbd_add_rising(&r, &b, &ab, (double)histories[i].count, &s);
        bgnbd_add_times(m, log_alpha, log_a, &histories[i], &s);
    }
    bgnbd_slope_of_logs(parameter, &s);
    *ret_slope = s;
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

static bool bgnbd_valid(const omo_bgnbd *m)
{
    const double parameter[BGNBD_N] = {m->r, m->alpha, m->a, m->b};

    for (int i = 0; i < BGNBD_N; i++)
        if (!(parameter[i] > 0 && parameter[i] <= 1e100))
            return false;
    return true;
}

omo_status omo_bgnbd_log_likelihood(const omo_bgnbd *model, const omo_history *histories,
                                    size_t count, double *ret_log_likelihood, double *ret_gradient,
                                    double (*ret_hessian)[OMO_BGNBD_PARAMETERS],
                                    omo_error *ret_error)
{
    const omo_status status = bgnbd_check(histories, count, ret_error);
    struct bgnbd_slope slope;

    if (status != OMO_OK)
        return status;
    if (!bgnbd_valid(model))
        return core_error(ret_error, OMO_EINVAL, "r, alpha, a and b are above 0");
    bgnbd_evaluate(model, histories, count, &slope);
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

/* Cholesky factor of -hessian with `damping` times its diagonal (at least 1) added; false when that
 * is not positive definite. */
static bool bgnbd_factor(double hessian[BGNBD_N][BGNBD_N], double damping,
                         double ret_factor[BGNBD_N][BGNBD_N])
{
    for (int i = 0; i < BGNBD_N; i++)
        for (int j = 0; j <= i; j++) {
            double sum = -hessian[i][j];

            if (i == j)
                sum += damping * (sum > 1 ? sum : 1);
            for (int k = 0; k < j; k++)
                sum -= ret_factor[i][k] * ret_factor[j][k];
            if (i != j)
                ret_factor[i][j] = sum / ret_factor[j][j];
            else if (!(sum > 0))
                return false;
            else
                ret_factor[i][i] = maths_sqrt(sum);
        }
    return true;
}

static void bgnbd_solve(double factor[BGNBD_N][BGNBD_N], const double *right, double *ret_x)
{
    for (int i = 0; i < BGNBD_N; i++) {
        ret_x[i] = right[i];
        for (int k = 0; k < i; k++)
            ret_x[i] -= factor[i][k] * ret_x[k];
        ret_x[i] /= factor[i][i];
    }
    for (int i = BGNBD_N - 1; i >= 0; i--) {
        for (int k = i + 1; k < BGNBD_N; k++)
            ret_x[i] -= factor[k][i] * ret_x[k];
        ret_x[i] /= factor[i][i];
    }
}

/* The best of a grid: rate as observed while customers are likely still there, drop-out from rare
 * to usual. */
static void bgnbd_start(const omo_history *histories, size_t count, double *ret_log)
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
            const omo_bgnbd m = {.r = shapes[s],
                                 .alpha = shapes[s] * watched / bought,
                                 .a = 2 * drops[d],
                                 .b = 2 * (1 - drops[d])};
            struct bgnbd_slope slope;

            bgnbd_evaluate(&m, histories, count, &slope);
            if (!first && slope.value <= best)
                continue;
            first = false;
            best = slope.value;
            ret_log[BGNBD_R] = maths_log(m.r);
            ret_log[BGNBD_ALPHA] = maths_log(m.alpha);
            ret_log[BGNBD_A] = maths_log(m.a);
            ret_log[BGNBD_B] = maths_log(m.b);
        }
}

static double bgnbd_clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* One step uphill from `log`, in place. The gain that the step promised, or 0 when no step climbs. */
static double bgnbd_climb(const omo_history *histories, size_t count, const double *start,
                          double *log, struct bgnbd_slope *slope, double *damping)
{
    for (; *damping < BGNBD_DAMPING_MAX; *damping = *damping * 10 + 1e-6) {
        double factor[BGNBD_N][BGNBD_N], step[BGNBD_N], next[BGNBD_N], longest = 1, gain = 0;
        struct bgnbd_slope there;
        omo_bgnbd m;

        if (!bgnbd_factor(slope->hessian, *damping, factor))
            continue;
        bgnbd_solve(factor, slope->gradient, step);
        for (int i = 0; i < BGNBD_N; i++) {
            const double size = step[i] < 0 ? -step[i] : step[i];

            longest = size / BGNBD_STEP_MAX > longest ? size / BGNBD_STEP_MAX : longest;
        }
        for (int i = 0; i < BGNBD_N; i++) {
            next[i] = bgnbd_clamp(log[i] + step[i] / longest, start[i] - BGNBD_RANGE,
                                  start[i] + BGNBD_RANGE);
            gain += slope->gradient[i] * (next[i] - log[i]);
        }
        if (!(gain > BGNBD_GAIN_MIN))
            return 0;
        m = bgnbd_of_logs(next);
        bgnbd_evaluate(&m, histories, count, &there);
        if (!(there.value > slope->value))
            continue;
        memcpy(log, next, sizeof(next));
        *slope = there;
        *damping = *damping > 1e-6 ? *damping / 10 : 0;
        return gain;
    }
    return 0;
}

/* Standard errors, unless a parameter stands at its edge: there the derivatives say nothing. */
static void bgnbd_precision(struct bgnbd_slope *slope, omo_bgnbd_fit *fit)
{
    const double nan = (double)__builtin_nanf("");
    double factor[BGNBD_N][BGNBD_N], error[BGNBD_N];
    const bool known = fit->edge == 0 && bgnbd_factor(slope->hessian, 0, factor);

    for (int i = 0; i < BGNBD_N; i++) {
        double unit[BGNBD_N] = {0};

        unit[i] = 1;
        if (known)
            bgnbd_solve(factor, unit, fit->covariance[i]);
        for (int j = 0; j < BGNBD_N && !known; j++)
            fit->covariance[i][j] = nan;
        error[i] = maths_sqrt(fit->covariance[i][i]);
    }
    fit->standard_error = (omo_bgnbd){.r = error[BGNBD_R] * fit->model.r,
                                      .alpha = error[BGNBD_ALPHA] * fit->model.alpha,
                                      .a = error[BGNBD_A] * fit->model.a,
                                      .b = error[BGNBD_B] * fit->model.b};
}

omo_status omo_bgnbd_estimate(const omo_history *histories, size_t count, omo_bgnbd_fit *ret_fit,
                              omo_error *ret_error)
{
    const omo_status status = bgnbd_check(histories, count, ret_error);
    double log[BGNBD_N], start[BGNBD_N], damping = 1e-3;
    omo_bgnbd_fit fit = {0};
    struct bgnbd_slope slope;

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
    bgnbd_start(histories, count, start);
    memcpy(log, start, sizeof(log));
    fit.model = bgnbd_of_logs(log);
    bgnbd_evaluate(&fit.model, histories, count, &slope);
    while (fit.iterations < BGNBD_ITERATIONS_MAX &&
           bgnbd_climb(histories, count, start, log, &slope, &damping) > 0)
        fit.iterations++;
    for (int i = 0; i < BGNBD_N; i++)
        if (log[i] <= start[i] - 0.99 * BGNBD_RANGE || log[i] >= start[i] + 0.99 * BGNBD_RANGE)
            fit.edge |= 1u << i;
    fit.model = bgnbd_of_logs(log);
    fit.log_likelihood = slope.value;
    bgnbd_precision(&slope, &fit);
    *ret_fit = fit;
    return OMO_OK;
}
