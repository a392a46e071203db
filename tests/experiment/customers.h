/* Customers as the BG/NBD model has them, drawn from a seed: for tests and benchmarks. Included by a
 * program once. */
#ifndef TESTS_EXPERIMENT_CUSTOMERS_H
#define TESTS_EXPERIMENT_CUSTOMERS_H

#include <math.h>
#include <stdlib.h>

#include <omosim/draws.h>
#include <omosim/fit.h>

#define CUSTOMERS_PURPOSE 200

static double customers_gamma(omo_draws *d, double shape)
{
    const omo_law law = {.kind = OMO_LAW_GAMMA, .a = shape, .b = 1 / sqrt(shape)};

    return omo_law_draw(&law, d);
}

/* One customer of the model, watched for a time between the two. Calls `take` for each repeat. */
static omo_history customers_draw(const omo_bgnbd *model, double age_min, double age_max,
                                  uint64_t seed, uint64_t replication, uint64_t customer,
                                  void (*take)(void *user, double at), void *user)
{
    omo_history h = {.count = 1};
    omo_draws d;

    omo_draws_open(&d, seed, replication, CUSTOMERS_PURPOSE, customer, 0, NULL);
    const double rate = customers_gamma(&d, model->r) / model->alpha;
    const double gone = customers_gamma(&d, model->a), stays = customers_gamma(&d, model->b);
    h.age = age_min + (age_max - age_min) * omo_draws_unit(&d);
    for (double at = omo_draws_exponential(&d) / rate; at <= h.age;
         at += omo_draws_exponential(&d) / rate) {
        h.repeats++;
        h.last = at;
        if (take != NULL)
            take(user, at);
        if (omo_draws_unit(&d) * (gone + stays) < gone)
            break;
    }
    return h;
}

static int customers_compare(const void *a, const void *b)
{
    const omo_history *x = a, *y = b;

    return x->repeats < y->repeats ? -1 : x->repeats > y->repeats;
}

/* Fills `ret_history` in the order that omo_bgnbd_estimate() wants. */
static void customers_fill(const omo_bgnbd *model, double age_min, double age_max, uint64_t seed,
                           uint64_t replication, omo_history *ret_history, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ret_history[i] = customers_draw(model, age_min, age_max, seed, replication, i, NULL, NULL);
    qsort(ret_history, count, sizeof(*ret_history), customers_compare);
}

#endif
