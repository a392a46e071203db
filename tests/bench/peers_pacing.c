/* How far each arrival is from an even schedule, by the server's clock. The server spins on a processor
 * of its own; the schedule's origin is where nothing would arrive early. At 50,000 a second the
 * question is whether the rate is held, or the shortfall is owned up to. */
#include "bench/peers_clock.h"

#include <math.h>
#include <stdlib.h>

struct pacing {
    double p50_us, p99_us;
    double held; /* arrivals a second */
};

static struct pacing judge(const struct peers_clock *clock, double rate)
{
    g_autofree int64_t *error = g_new(int64_t, clock->count + 1);
    const int64_t origin_ns = peers_clock_origin_ns(clock, rate);
    const uint64_t n = clock->count;

    if (n < 100)
        return (struct pacing){NAN, NAN, NAN};
    for (uint64_t k = 0; k < n; k++)
        error[k] = llabs(clock->entry[k][0] - origin_ns - (int64_t)((double)k * 1e9 / rate));
    qsort(error, n, sizeof *error, peers_clock_compare);
    return (struct pacing){(double)error[n / 2] / 1e3, (double)error[n * 99 / 100] / 1e3,
                           (double)(n - 1) * 1e9 /
                               (double)(clock->entry[n - 1][0] - clock->entry[0][0])};
}

static struct pacing omosim(const struct peers_bench *l, double rate, const char *options,
                            struct peers_run *ret_run)
{
    struct peers_clock clock;
    struct pacing pacing = {NAN, NAN, NAN};

    *ret_run = (struct peers_run){0};
    if (!peers_clock_start(l, "--spin", &clock))
        return pacing;
    peers_run_line(ret_run,
                   "%s replay --target %s/ --rate %.0f --duration %.0fs --threads 1 --json %s",
                   l->omosim, clock.url, rate, l->seconds, options);
    peers_clock_stop(&clock);
    pacing = judge(&clock, rate);
    peers_clock_clear(&clock);
    return pacing;
}

static struct pacing h2load(const struct peers_bench *l, double rate)
{
    const double clients = 20.0;
    struct peers_clock clock;
    struct pacing pacing = {NAN, NAN, NAN};
    struct peers_run run;

    if (!peers_clock_start(l, "--spin", &clock))
        return pacing;
    peers_run_line(&run, "h2load --h1 -t1 -c%.0f --rps %.2f -D %.0f %s/", clients, rate / clients,
                   l->seconds, clock.url);
    peers_run_clear(&run);
    peers_clock_stop(&clock);
    pacing = judge(&clock, rate);
    peers_clock_clear(&clock);
    return pacing;
}

void peers_pacing(struct peers_bench *l)
{
    const double rates[] = {1000.0, 10000.0};
    struct peers_run run;

    for (uint32_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        const struct pacing ours = omosim(l, rates[i], "", &run);
        const struct pacing theirs = h2load(l, rates[i]);
        g_autofree char *p50 = g_strdup_printf("pacing/%.0f/s, p50", rates[i]);
        g_autofree char *p99 = g_strdup_printf("pacing/%.0f/s, p99", rates[i]);

        peers_run_clear(&run);
        bench_row(&l->b, p50, ours.p50_us, "us", "h2load", theirs.p50_us);
        bench_row(&l->b, p99, ours.p99_us, "us", "h2load", theirs.p99_us);
    }
    const struct pacing fast = omosim(l, 50000.0, "", &run);
    bench_row(&l->b, "pacing/50000/s, held", fast.held, "/s", "asked", 50000.0);
    bench_row(&l->b, "pacing/50000/s, exit status (1: said so)", run.status, "", NULL, NAN);
    peers_run_clear(&run);
}
