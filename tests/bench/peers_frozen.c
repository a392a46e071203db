/* A server that stops for two seconds of twenty at 1,000 requests a second. The truth is the server's
 * own: request k was due at origin + k ms and answered when the server says. Open loop must find it,
 * closed loop shows what is missed. */
#include "bench/peers_clock.h"

#include <math.h>
#include <stdlib.h>

static void truth(const struct peers_clock *clock, double rate, double *ret_p99_ms,
                  double *ret_p999_ms)
{
    g_autofree int64_t *answer = g_new(int64_t, clock->count + 1);
    const int64_t origin_ns = peers_clock_origin_ns(clock, rate);
    const uint64_t n = clock->count;

    *ret_p99_ms = *ret_p999_ms = NAN;
    if (n < 1000)
        return;
    for (uint64_t k = 0; k < n; k++)
        answer[k] = clock->entry[k][1] - origin_ns - (int64_t)((double)k * 1e9 / rate);
    qsort(answer, n, sizeof *answer, peers_clock_compare);
    *ret_p99_ms = (double)answer[n * 99 / 100] / 1e6;
    *ret_p999_ms = (double)answer[n * 999 / 1000] / 1e6;
}

void peers_frozen(struct peers_bench *l)
{
    const double rate = 1000.0, seconds = l->b.quick ? 5.0 : 20.0, stop = l->b.quick ? 0.5 : 2.0;
    g_autofree char *options =
        g_strdup_printf("--freeze-at %.1f --freeze-for %.1f", 0.4 * seconds, stop);
    struct peers_clock clock;
    struct peers_run run;
    double p99_ms, p999_ms;

    if (!peers_clock_start(l, options, &clock))
        return;
    peers_run_line(&run, "%s replay --target %s/ --rate %.0f --duration %.0fs --threads 1 --json",
                   l->omosim, clock.url, rate, seconds);
    peers_clock_stop(&clock);
    truth(&clock, rate, &p99_ms, &p999_ms);
    bench_row(&l->b, "frozen/open loop, p99", peers_json(&run, "total/response_ms/p99"), "ms",
              "truth", p99_ms);
    bench_row(&l->b, "frozen/open loop, p99.9", peers_json(&run, "total/response_ms/p99.9"), "ms",
              "truth", p999_ms);
    peers_run_clear(&run);
    peers_clock_clear(&clock);

    if (!peers_clock_start(l, options, &clock))
        return;
    peers_run_line(&run, "%s replay --target %s/ --users 10 --duration %.0fs --threads 1 --json",
                   l->omosim, clock.url, seconds);
    peers_clock_stop(&clock);
    bench_row(&l->b, "frozen/closed loop, p99", peers_json(&run, "total/response_ms/p99"), "ms",
              "truth", p99_ms);
    peers_run_clear(&run);
    peers_clock_clear(&clock);
}
