/* Memory: of a connection (resident at its highest with many of them, less with few), of a journey in
 * flight, and of a run as it lasts. */
#include "bench/peers.h"

#include <math.h>

static double resident_kb(const struct peers_bench *l, const char *target, uint32_t users,
                          double seconds, const char *options)
{
    struct peers_run run;

    peers_run_line(&run,
                   "%s replay %s/get.plan --api %s/get.yaml --target %s --users %u --connections %u"
                   " --threads 1 --duration %.0fs --json %s",
                   l->omosim, l->folder, l->folder, target, users, users, seconds, options);
    const double kb = run.ok ? (double)run.memory_kb : NAN;
    peers_run_clear(&run);
    return kb;
}

/* Journeys in flight: each waits at its second step. */
static void journeys(struct peers_bench *l, const char *target)
{
    struct peers_run run;

    peers_run_line(&run,
                   "%s replay %s/journey.plan --api %s/journey.yaml --target %s --rate 2000"
                   " --duration 3s --threads 1 --json",
                   l->omosim, l->folder, l->folder, target);
    bench_row(&l->b, "memory/journey in flight", peers_json(&run, "memory/journey_bytes"), "B",
              "at most", 200.0);
    peers_run_clear(&run);
}

void peers_memory(struct peers_bench *l)
{
    g_autofree char *plain = g_strdup_printf("http://127.0.0.1:%u", l->plain_port);
    g_autofree char *tls = g_strdup_printf("https://127.0.0.1:%u", l->tls_port);
    g_autofree char *h2c = g_strdup_printf("http://127.0.0.1:%u", l->h2c_port);
    const uint32_t few = 100, many = l->b.quick ? 1100 : 5100;
    const struct {
        const char *name, *target, *options;
    } cases[] = {
        {"memory/connection", plain, ""},
        {"memory/connection, TLS", tls, "--insecure"},
        {"memory/connection, h2c", h2c, "--http2 --streams 1"},
    };

    for (uint32_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const double more = resident_kb(l, cases[i].target, many, 3.0, cases[i].options);
        const double less = resident_kb(l, cases[i].target, few, 3.0, cases[i].options);
        bench_row(&l->b, cases[i].name, (more - less) / (many - few), "KiB",
                  i == 0 ? "at most" : NULL, i == 0 ? 8.0 : NAN);
    }
    journeys(l, plain);
    const double brief = resident_kb(l, plain, 64, 2.0, "");
    const double lasting = resident_kb(l, plain, 64, l->b.quick ? 6.0 : 20.0, "");
    bench_row(&l->b, "memory/run ten times as long", lasting / 1024.0, "MiB", "short run",
              brief / 1024.0);
}
