/* The matrix is at most 4 x 4, so it is factored by Cholesky on the spot for each trial. Where it is
 * not negative definite (far from the maximum, or on a ridge) the damping is raised until it is.
 *
 * A derivative-free search (Nelder and Mead, as most packages have it for these models) needs ten
 * times the evaluations and stalls on ridges, where two parameters grow together.
 */
#include "experiment/climb.h"
#include "base/maths.h"

#define CLIMB_ITERATIONS_MAX 500
#define CLIMB_STEP_MAX 1.5 /* of a logarithm, in one step */
#define CLIMB_DAMPING_MAX 1e12

/* To derivatives in the logarithms of the parameters, and both halves of the matrix. */
static void climb_slope_of_logs(uint32_t n, const double *parameter, struct climb_slope *s)
{
    for (uint32_t i = 0; i < n; i++) {
        s->gradient[i] *= parameter[i];
        for (uint32_t j = i; j < n; j++)
            s->hessian[i][j] *= parameter[i] * parameter[j];
        s->hessian[i][i] += s->gradient[i];
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            s->hessian[i][j] = s->hessian[j][i];
}

void climb_evaluate(const struct climb *c, const double *parameter, struct climb_slope *ret_slope)
{
    struct climb_slope slope = {0};

    OMO_ASSERT(c->count >= 1 && c->count <= CLIMB_MAX);
    c->function(c->context, parameter, &slope);
    climb_slope_of_logs(c->count, parameter, &slope);
    *ret_slope = slope;
}

/* Cholesky factor of -hessian with `damping` times its diagonal (at least 1) added; false when that
 * is not positive definite. */
static bool climb_factor(uint32_t n, double hessian[CLIMB_MAX][CLIMB_MAX], double damping,
                         double ret_factor[CLIMB_MAX][CLIMB_MAX])
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j <= i; j++) {
            double sum = -hessian[i][j];

            if (i == j)
                sum += damping * (sum > 1 ? sum : 1);
            for (uint32_t k = 0; k < j; k++)
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

static void climb_solve(uint32_t n, double factor[CLIMB_MAX][CLIMB_MAX], const double *right,
                        double *ret_x)
{
    for (uint32_t i = 0; i < n; i++) {
        ret_x[i] = right[i];
        for (uint32_t k = 0; k < i; k++)
            ret_x[i] -= factor[i][k] * ret_x[k];
        ret_x[i] /= factor[i][i];
    }
    for (uint32_t i = n; i-- > 0;) {
        for (uint32_t k = i + 1; k < n; k++)
            ret_x[i] -= factor[k][i] * ret_x[k];
        ret_x[i] /= factor[i][i];
    }
}

/* What one search keeps from step to step. */
struct climb_state {
    double log[CLIMB_MAX], start[CLIMB_MAX];
    double range, damping;
};

/* Where a step would lead, cut to the range; returns the gain that the slope promises. */
static double climb_aim(const struct climb *c, const struct climb_state *state, const double *step,
                        double *ret_next)
{
    double longest = 1, gain = 0;

    for (uint32_t i = 0; i < c->count; i++) {
        const double size = (step[i] < 0 ? -step[i] : step[i]) / CLIMB_STEP_MAX;

        longest = size > longest ? size : longest;
    }
    for (uint32_t i = 0; i < c->count; i++) {
        const double low = state->start[i] - state->range, high = state->start[i] + state->range;
        const double next = state->log[i] + step[i] / longest;

        ret_next[i] = next < low ? low : next > high ? high : next;
        gain += c->slope.gradient[i] * (ret_next[i] - state->log[i]);
    }
    return gain;
}

/* One step uphill; false when none is left that gains anything. */
static bool climb_step(struct climb *c, struct climb_state *state)
{
    const double size = c->slope.value < 0 ? -c->slope.value : c->slope.value;
    const double least = CLIMB_GAIN_MIN + CLIMB_ROUNDING * size;

    for (; state->damping < CLIMB_DAMPING_MAX; state->damping = state->damping * 10 + 1e-6) {
        double factor[CLIMB_MAX][CLIMB_MAX], step[CLIMB_MAX], next[CLIMB_MAX];
        double parameter[CLIMB_MAX];
        struct climb_slope there;

        if (!climb_factor(c->count, c->slope.hessian, state->damping, factor))
            continue;
        climb_solve(c->count, factor, c->slope.gradient, step);
        if (!(climb_aim(c, state, step, next) > least))
            return false;
        for (uint32_t i = 0; i < c->count; i++)
            parameter[i] = maths_exp(next[i]);
        climb_evaluate(c, parameter, &there);
        if (!(there.value > c->slope.value))
            continue;
        memcpy(state->log, next, sizeof(next));
        memcpy(c->parameter, parameter, sizeof(parameter));
        c->slope = there;
        state->damping = state->damping > 1e-6 ? state->damping / 10 : 0;
        return true;
    }
    return false;
}

/* Unless a parameter stands at its edge: there the derivatives say nothing. */
static void climb_precision(struct climb *c)
{
    const double nan = (double)__builtin_nanf("");
    double factor[CLIMB_MAX][CLIMB_MAX];
    const bool known = c->edge == 0 && climb_factor(c->count, c->slope.hessian, 0, factor);

    for (uint32_t i = 0; i < c->count; i++) {
        double unit[CLIMB_MAX] = {0};

        unit[i] = 1;
        if (known)
            climb_solve(c->count, factor, unit, c->covariance[i]);
        for (uint32_t j = 0; j < c->count && !known; j++)
            c->covariance[i][j] = nan;
        c->error[i] = maths_sqrt(c->covariance[i][i]) * c->parameter[i];
    }
}

void climb(struct climb *c, const double *start)
{
    struct climb_state state = {.range = maths_log(CLIMB_RANGE), .damping = 1e-3};

    c->iterations = c->edge = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        OMO_ASSERT(start[i] > 0);
        c->parameter[i] = start[i];
        state.log[i] = state.start[i] = maths_log(start[i]);
    }
    climb_evaluate(c, c->parameter, &c->slope);
    while (c->iterations < CLIMB_ITERATIONS_MAX && climb_step(c, &state))
        c->iterations++;
    for (uint32_t i = 0; i < c->count; i++)
        if (state.log[i] <= state.start[i] - 0.99 * state.range ||
            state.log[i] >= state.start[i] + 0.99 * state.range)
            c->edge |= 1u << i;
    climb_precision(c);
}
