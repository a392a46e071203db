/* Searching for the rate that holds.
 *
 * A service under load answers in two regimes with a narrow band between them, so doubling finds the
 * band in a few probes and halving narrows it. Halving is geometric: the answer is wanted to a share
 * of itself. A probe near the edge is a coin toss (a burst, a collection of garbage), so one search
 * proves little: it is repeated, each time from a bracket around the first result, and the mean and
 * its Student-t interval are given. Every probe is a fresh run with fresh connections.
 *
 * A level that held held, even if the generator was late: its lateness only made answers look later. A
 * level that broke while the generator was too slow proves nothing. Halving takes it as an upper end,
 * for the truth beyond it can't be seen from here, and the result is then called a lower bound.
 */
#include "replay/capacity.h"

#include <math.h>
#include <omosim/experiment.h>
#include <stdlib.h>

struct search {
    const struct capacity_options *options;
    struct capacity_result *result;
    GError **ret_error;
    bool stopped;     /* a probe said so */
    bool too_slow;    /* the upper end is the generator's */
    double low, high; /* held, broke; 0 and INFINITY = not known */
};

/* Runs one rate and moves the end that it decides. */
static void search_probe(struct search *s, double rate, uint32_t repeat)
{
    struct capacity_probe probe = {.rate = rate, .repeat = repeat};

    if (!s->options->probe(s->options->user, &probe, s->ret_error)) {
        s->stopped = true;
        return;
    }
    g_array_append_val(s->result->probes, probe);
    if (probe.held) {
        s->low = MAX(s->low, rate);
        return;
    }
    if (rate < s->high) {
        s->high = rate;
        s->too_slow = probe.too_slow;
    }
}

/* Doubles or halves from `rate` until one end held and the other broke. */
static void search_bracket(struct search *s, double rate, double factor, uint32_t repeat)
{
    const struct capacity_options *o = s->options;

    while (!s->stopped && (s->low == 0.0 || s->high == INFINITY)) {
        search_probe(s, rate, repeat);
        if (s->low == 0.0) {
            if (rate <= o->rate_min)
                return;
            rate = MAX(rate / factor, o->rate_min);
        } else {
            if (rate >= o->rate_max)
                return;
            rate = MIN(rate * factor, o->rate_max);
        }
    }
}

static void search_narrow(struct search *s, uint32_t repeat)
{
    while (!s->stopped && s->low > 0.0 && s->high < INFINITY &&
           s->high / s->low > 1.0 + s->options->precision)
        search_probe(s, sqrt(s->low * s->high), repeat);
}

static enum capacity_end search_end(const struct search *s)
{
    if (s->stopped)
        return CAPACITY_STOPPED;
    if (s->low == 0.0)
        return s->too_slow ? CAPACITY_GENERATOR : CAPACITY_BELOW;
    if (s->high == INFINITY)
        return CAPACITY_ABOVE;
    return s->too_slow ? CAPACITY_GENERATOR : CAPACITY_FOUND;
}

/* The ends over all repeats. */
static void result_ends(struct capacity_result *result, const double *rates, uint32_t count)
{
    const omo_summary summary = omo_summarise(rates, count, 0.95);

    result->rate = count > 0 ? summary.mean : 0.0;
    result->half_width = summary.half_width;
    result->low = result->high = NAN;
    for (uint32_t i = 0; i < count; i++)
        result->low = fmin(result->low, rates[i]);
    for (guint i = 0; i < result->probes->len; i++) {
        const struct capacity_probe *p = &g_array_index(result->probes, struct capacity_probe, i);
        if (!p->held && !p->too_slow)
            result->high = fmin(result->high, p->rate);
    }
    result->knee = capacity_knee(&g_array_index(result->probes, struct capacity_probe, 0),
                                 result->probes->len);
}

gboolean capacity_search(const struct capacity_options *options, struct capacity_result *ret_result,
                         GError **ret_error)
{
    g_autofree double *rates = g_new0(double, options->repeats);
    GError *error = NULL;
    uint32_t found = 0;

    *ret_result = (struct capacity_result){.half_width = NAN,
                                           .probes = g_array_new(FALSE, FALSE,
                                                                 sizeof(struct capacity_probe))};
    for (uint32_t repeat = 0; repeat < options->repeats; repeat++) {
        struct search s = {.options = options,
                           .result = ret_result,
                           .ret_error = &error,
                           .high = INFINITY};
        const double from = repeat == 0 ? options->from : rates[0];

        search_bracket(&s, CLAMP(from, options->rate_min, options->rate_max),
                       repeat == 0 ? 2.0 : 1.25, repeat);
        search_narrow(&s, repeat);
        const enum capacity_end end = search_end(&s);
        /* A later search that gets to the highest rate takes nothing back of what broke before. */
        if (repeat == 0 || (end != CAPACITY_FOUND && end != CAPACITY_ABOVE))
            ret_result->end = end;
        if (s.low > 0.0 && (!s.stopped || s.high < INFINITY))
            rates[found++] = s.low;
        if (s.stopped || end == CAPACITY_BELOW || (repeat == 0 && end == CAPACITY_ABOVE))
            break;
    }
    result_ends(ret_result, rates, found);
    if (error == NULL)
        return TRUE;
    g_propagate_error(ret_error, error);
    return FALSE;
}

void capacity_clear(struct capacity_result *result)
{
    if (result->probes != NULL)
        g_array_unref(result->probes);
    *result = (struct capacity_result){0};
}

/* ---- the knee ------------------------------------------------------------------------------- */

static int compare_rates(const void *a, const void *b)
{
    const struct capacity_probe *x = a, *y = b;

    return (x->rate > y->rate) - (x->rate < y->rate);
}

double capacity_knee(const struct capacity_probe *probes, uint32_t count)
{
    g_autofree struct capacity_probe *sorted = g_memdup2(probes, count * sizeof *probes);
    uint32_t different = 0;
    double best = 0.0, knee = NAN, least = INFINITY, most = 0.0, worst = 0.0;

    if (count < 4)
        return NAN;
    qsort(sorted, count, sizeof *sorted, compare_rates);
    for (uint32_t i = 0; i < count; i++) {
        different += i == 0 || sorted[i].rate > sorted[i - 1].rate;
        least = fmin(least, sorted[i].p99_ms);
        most = fmax(most, sorted[i].p99_ms);
    }
    if (different < 4 || !(most > 2.0 * least))
        return NAN;
    for (uint32_t i = 0; i < count; i++) {
        const double x =
            (sorted[i].rate - sorted[0].rate) / (sorted[count - 1].rate - sorted[0].rate);

        worst = fmax(worst, sorted[i].p99_ms); /* a lucky probe beyond the knee is no way back */
        const double y = (worst - least) / (most - least);
        if (x - y > best) {
            best = x - y;
            knee = sorted[i].rate;
        }
    }
    return knee;
}
