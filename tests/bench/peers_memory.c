/* Memory: of a connection (resident at its highest with many of them, less with few; or as the engine
 * counts it, whichever is more), of a journey in flight, and of a run as it lasts. */
#include "bench/peers.h"

#include <math.h>

struct memory {
    double resident_kb, connections;
    double links_kb; /* as the engine counts them */
};

/* No plan: its pages would count as resident, too. */
static struct memory memory_of(const struct peers_bench *l, const char *target, uint32_t users,
                               double seconds, const char *options)
{
    struct peers_run run;

    peers_run_line(&run,
                   "%s replay --target %s/ --users %u --connections %u --threads 1"
                   " --duration %.0fs --json %s",
                   l->omosim, target, users, users, seconds, options);
    const struct memory memory = {
        .resident_kb = run.ok ? (double)run.memory_kb : NAN,
        .connections = peers_json(&run, "counts/connects"),
        .links_kb = peers_json(&run, "generator/memory_bytes/links") / 1024.0,
    };
    peers_run_clear(&run);
    return memory;
}

/* What the engine took for journeys, shared among those in flight at most. */
static void journeys(struct peers_bench *l, const char *target)
{
    struct peers_run run;

    peers_run_line(&run,
                   "%s replay %s/journey.plan --api %s/journey.yaml --target %s --users 20000"
                   " --duration 3s --threads 1 --json",
                   l->omosim, l->folder, l->folder, target);
    bench_row(&l->b, "memory/journey in flight",
              peers_json(&run, "generator/memory_bytes/journeys") /
                  peers_json(&run, "journeys/in_flight_max"),
              "B", "at most", 200.0);
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
        const struct memory more = memory_of(l, cases[i].target, many, 3.0, cases[i].options);
        const struct memory less = memory_of(l, cases[i].target, few, 3.0, cases[i].options);
        const double resident =
            (more.resident_kb - less.resident_kb) / (more.connections - less.connections);
        bench_row(&l->b, cases[i].name, fmax(resident, more.links_kb / more.connections), "KiB",
                  i == 0 ? "at most" : NULL, i == 0 ? 8.0 : NAN);
    }
    journeys(l, plain);
    const struct memory brief = memory_of(l, plain, 64, 3.0, "");
    const struct memory lasting = memory_of(l, plain, 64, l->b.quick ? 10.0 : 30.0, "");
    bench_row(&l->b, "memory/run ten times as long", lasting.resident_kb / 1024.0, "MiB",
              "short run", brief.resident_kb / 1024.0);
}
