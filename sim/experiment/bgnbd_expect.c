/* BG/NBD: what a fitted model expects.
 *
 * The published mean, (a+b-1)/(a-1) [1 - (alpha/(alpha+t))^r 2F1(r, b; a+b-1; t/(alpha+t))] (Fader,
 * Hardie and Lee 2005, equation 9), is 0/0 at a = 1, infinite x 0 at a + b = 1 and loses digits near
 * both. The same mean is the integral of the rate at which customers still buy at time s,
 *
 *     r / alpha  (1 + s/alpha)^-(r+1)  2F1(r+1, b; a+b; s/(alpha+s)),
 *
 * in which all parameters are positive and all terms of the series too. With u = log(1 + s/alpha)
 * the integrand is r e^(-ru) 2F1(r+1, b; a+b; 1 - e^-u), smooth over any number of decades, so
 * Gauss and Legendre's rule of 16 points on pieces of at most 1 in u has all digits.
 *
 * A customer with a history (x, t, T) who is still there is a new customer with the parameters
 * r + x, alpha + T, a, b + x (the posterior is of the same form), so the conditional mean is
 * P(alive) times the mean of that model: equation 10 of the paper without a formula of its own.
 */
#include "base/core.h"
#include "base/maths.h"

#include <omosim/fit.h>

#define BGNBD_HALF 8 /* points of the rule on either side */
#define BGNBD_PIECE 1.0

static const double bgnbd_node[BGNBD_HALF] =
    {0.0950125098376374401853193, 0.2816035507792589132304605, 0.4580167776572273863424194,
     0.6178762444026437484466718, 0.7554044083550030338951012, 0.8656312023878317438804679,
     0.9445750230732325760779884, 0.9894009349916499325961542};
static const double bgnbd_weight[BGNBD_HALF] =
    {0.1894506104550684962853967, 0.1826034150449235888667637, 0.1691565193950025381893121,
     0.1495959888165767320815017, 0.1246289712555338720524763, 0.0951585116824927848099251,
     0.0622535239386478928628438, 0.0271524594117540948517806};

static void bgnbd_assert(const omo_bgnbd *m)
{
    OMO_ASSERT(m->r > 0 && m->alpha > 0);
    OMO_ASSERT(m->a > 0 && m->b > 0);
}

/* Rate of purchases in u. */
static double bgnbd_rate(const omo_bgnbd *m, double u)
{
    const double left = maths_exp(-u);

    return m->r * maths_exp(-m->r * u) *
           maths_hypergeometric(m->r + 1, m->b, m->a + m->b, 1 - left);
}

double omo_bgnbd_expected(const omo_bgnbd *model, double period)
{
    double end, pieces, half, sum = 0;

    bgnbd_assert(model);
    OMO_ASSERT(period >= 0);
    end = maths_log(1 + period / model->alpha);
    if (period / model->alpha <
        1e-5) /* 1 + x would round; two terms of the series have all digits */
        end = period / model->alpha * (1 - period / model->alpha / 2);
    pieces = maths_floor(end / BGNBD_PIECE) + 1;
    half = end / pieces / 2;
    for (double i = 0; i < pieces; i++) {
        const double middle = (2 * i + 1) * half;

        for (int k = 0; k < BGNBD_HALF; k++)
            sum += bgnbd_weight[k] * (bgnbd_rate(model, middle - half * bgnbd_node[k]) +
                                      bgnbd_rate(model, middle + half * bgnbd_node[k]));
    }
    return half * sum;
}

double omo_bgnbd_probability(const omo_bgnbd *model, double period, uint32_t repeats)
{
    /* Terms of the negative binomial law of purchases in `time` without drop-out, by recurrence,
     * and of the beta-geometric law of the purchase that is the last. */
    const double share = period / (model->alpha + period);
    double term, below = 0, stayed = 1, ended = 0, ab;

    bgnbd_assert(model);
    OMO_ASSERT(period >= 0);
    ab = model->a + model->b;
    term = maths_exp(-model->r * maths_log(1 + period / model->alpha));
    for (uint32_t j = 0; j < repeats; j++) {
        below += term;
        term *= (model->r + j) / (j + 1.0) * share;
        ended = stayed * model->a / (ab + j); /* the (j + 1)-th purchase is the last */
        stayed *= (model->b + j) / (ab + j);
    }
    below = below < 1 ? below : 1;
    return stayed * term + (repeats > 0 ? ended * (1 - below) : 0);
}

double omo_bgnbd_alive(const omo_bgnbd *model, const omo_history *history)
{
    const double x = history->repeats;
    double odds;

    bgnbd_assert(model);
    if (history->repeats == 0)
        return 1;
    odds =
        maths_log(model->a / (model->b + x - 1)) +
        (model->r + x) * maths_log((model->alpha + history->age) / (model->alpha + history->last));
    return 1 / (1 + maths_exp(odds));
}

double omo_bgnbd_expected_more(const omo_bgnbd *model, const omo_history *history, double period)
{
    const omo_bgnbd after = {.r = model->r + history->repeats,
                             .alpha = model->alpha + history->age,
                             .a = model->a,
                             .b = model->b + history->repeats};

    return omo_bgnbd_alive(model, history) * omo_bgnbd_expected(&after, period);
}
