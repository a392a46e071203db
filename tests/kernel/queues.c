/* Sources: Kleinrock, Queueing Systems, volumes 1 and 2 (1975, 1976) for what has no other one in
 * the header. The generating functions of White and Christie's model, for whoever wants to check
 * the formula below: Q(z) = xi P(z) / (lambda (1 - z) + r), P(z) = mu p0 / D(z) with
 * D(z) = mu - lambda z - xi lambda z / (lambda (1 - z) + r), and P(1) = r / (r + xi). */
#include "kernel/queues.h"

#include <math.h>

void queues_solve(struct queues_chain *c)
{
    double sum = 1;

    c->p[0] = 1;
    for (uint32_t n = 1; n < c->states; n++) {
        c->p[n] = c->p[n - 1] * c->up[n - 1] / c->down[n];
        sum += c->p[n];
    }
    for (uint32_t n = 0; n < c->states; n++)
        c->p[n] /= sum;
}

double queues_above(const struct queues_chain *c, uint32_t from)
{
    double sum = 0;

    for (uint32_t n = from; n < c->states; n++)
        sum += c->p[n] * (n - from);
    return sum;
}

double queues_variance(const struct queues_chain *c)
{
    double mean = queues_above(c, 0), sum = 0;

    for (uint32_t n = 0; n < c->states; n++)
        sum += c->p[n] * (n - mean) * (n - mean);
    return sum;
}

double queues_tail(const struct queues_chain *c, uint32_t n)
{
    double sum = 0;

    for (uint32_t i = n + 1; i < c->states; i++)
        sum += c->p[i];
    return sum;
}

double queues_erlang_b(uint32_t servers, double load)
{
    double blocked = 1;

    for (uint32_t n = 1; n <= servers; n++)
        blocked = load * blocked / (n + load * blocked);
    return blocked;
}

double queues_erlang_c(uint32_t servers, double load)
{
    double blocked = queues_erlang_b(servers, load);

    return blocked / (1 - load / servers * (1 - blocked));
}

double queues_mg1_wait(double lambda, double mean, double square)
{
    return lambda * square / (2 * (1 - lambda * mean));
}

static double queues_shortest_integrand(double lambda, double mean, double x)
{
    /* Load of the jobs shorter than x. */
    double load = lambda * mean * (1 - exp(-x / mean) * (1 + x / mean));

    return exp(-x / mean) / mean / ((1 - load) * (1 - load));
}

double queues_shortest_wait(double lambda, double mean)
{
    const uint32_t steps = 100000;
    const double end = 50 * mean, h = end / steps;
    double sum =
        queues_shortest_integrand(lambda, mean, 0) + queues_shortest_integrand(lambda, mean, end);

    for (uint32_t i = 1; i < steps; i++)
        sum += (i % 2 == 1 ? 4 : 2) * queues_shortest_integrand(lambda, mean, i * h);
    return lambda * mean * mean * sum * h / 3;
}

double queues_breakdown_level(double lambda, double mu, double xi, double r)
{
    double up = r / (r + xi), d = mu - lambda - xi * lambda / r;
    double slope = up * (lambda + xi * lambda * (r + lambda) / (r * r)) / d;

    return slope * (1 + xi / r) + xi * up * lambda / (r * r);
}
