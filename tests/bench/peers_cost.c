/* What a request costs the tool: processor time, user and system, of closed loops that keep one server
 * busy over 64 kept connections. Each tool counts its own requests; time is the kernel's count of
 * the whole process, start and end included. Rounds go in turns, a row is the median of them. */
#include "bench/peers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CONNECTIONS 64

struct cost {
    double cpu_us, user_us; /* a request; NaN = the tool isn't there */
};

static struct cost cost_of(const struct peers_run *run, double requests)
{
    if (!run->ok || !(requests > 0.0))
        return (struct cost){NAN, NAN};
    return (struct cost){(run->user_s + run->system_s) * 1e6 / requests,
                         run->user_s * 1e6 / requests};
}

/* omosim with all measurement on, plan streaming. */
static struct cost omosim(const struct peers_bench *l, const char *traffic, const char *target,
                          const char *options)
{
    struct peers_run run;

    peers_run_line(&run,
                   "%s replay %s/%s.plan --api %s/%s.yaml --target %s --users %d --connections %d"
                   " --threads 1 --duration %.0fs --json %s",
                   l->omosim, l->folder, traffic, l->folder, traffic, target, CONNECTIONS,
                   CONNECTIONS, l->seconds, options);
    const double errors = peers_json(&run, "requests/errors");
    const struct cost cost = cost_of(&run, peers_json(&run, "requests/count"));
    if (errors != 0.0)
        g_printerr("bench load: %s: %.0f errors\n%s\n", traffic, errors, run.output);
    peers_run_clear(&run);
    return cost;
}

static struct cost wrk(const struct peers_bench *l, const char *target, const char *script)
{
    struct peers_run run;
    g_autofree char *option =
        script != NULL ? g_strdup_printf("-s %s/%s", l->folder, script) : g_strdup("");

    peers_run_line(&run, "wrk -t1 -c%d -d%.0fs %s %s/", CONNECTIONS, l->seconds, option, target);
    const char *const at = strstr(run.output, " requests in ");
    double requests = NAN;
    if (at != NULL) { /* "  612345 requests in 5.00s, ..." */
        const char *begin = at;
        while (begin > run.output && begin[-1] != '\n')
            begin--;
        requests = g_ascii_strtod(begin, NULL);
    }
    const struct cost cost = cost_of(&run, requests);
    peers_run_clear(&run);
    return cost;
}

static struct cost h2load(const char *target, double requests, const char *options)
{
    struct peers_run run;

    peers_run_line(&run, "h2load -t1 -n%.0f %s %s/", requests, options, target);
    const struct cost cost = cost_of(&run, peers_number_after(run.output, "requests:"));
    peers_run_clear(&run);
    return cost;
}

static struct cost simple(const char *line, double requests)
{
    struct peers_run run;

    peers_run_line(&run, "%s", line);
    const struct cost cost = cost_of(&run, requests);
    peers_run_clear(&run);
    return cost;
}

/* One case: ours and the peers', in turns; the medians go into rows. */
struct contest {
    const char *name;
    const char *traffic, *target, *options; /* ours */
    const char *peer;                       /* "wrk", "h2load" */
    const char *script;                     /* wrk's */
    const char *peer_options;               /* h2load's */
};

static void contest_run(struct peers_bench *l, const struct contest *c)
{
    double ours[BENCH_RUNS], ours_user[BENCH_RUNS], peer[BENCH_RUNS], peer_user[BENCH_RUNS];
    const uint32_t rounds = l->b.quick ? 1 : 3;

    for (uint32_t i = 0; i < rounds; i++) {
        const struct cost a = omosim(l, c->traffic, c->target, c->options);
        const struct cost b = c->peer_options != NULL
                                  ? h2load(c->target, 60000.0 * l->seconds, c->peer_options)
                                  : wrk(l, c->target, c->script);

        ours[i] = a.cpu_us;
        ours_user[i] = a.user_us;
        peer[i] = b.cpu_us;
        peer_user[i] = b.user_us;
    }
    g_autofree char *user = g_strdup_printf("%s, user", c->name);
    bench_row(&l->b, c->name, bench_median(ours, rounds), "us", c->peer,
              bench_median(peer, rounds));
    bench_row(&l->b, user, bench_median(ours_user, rounds), "us", c->peer,
              bench_median(peer_user, rounds));
}

static bool write_post_script(const struct peers_bench *l)
{
    g_autofree char *path = g_strdup_printf("%s/post.lua", l->folder);
    g_autofree char *body = g_strnfill(1000, 'x');
    g_autofree char *text =
        g_strdup_printf("wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\n"
                        "wrk.body = '{\"filler\": \"%s\"}'\n",
                        body);

    return g_file_set_contents(path, text, -1, NULL);
}

/* The slower peers, once each, beside our plain GET. */
static void others(struct peers_bench *l, const char *target)
{
    const double requests = 10000.0 * l->seconds;
    const struct cost ours = omosim(l, "get", target, "");
    g_autofree char *ab =
        g_strdup_printf("ab -q -k -c %d -n %.0f %s/", CONNECTIONS, requests, target);
    g_autofree char *hey = g_strdup_printf("hey -cpus 1 -c %d -n %.0f %s/", CONNECTIONS,
                                           floor(requests / CONNECTIONS) * CONNECTIONS, target);

    bench_row(&l->b, "cost/get", ours.cpu_us, "us", "ab", simple(ab, requests).cpu_us);
    bench_row(&l->b, "cost/get", ours.cpu_us, "us", "hey",
              simple(hey, floor(requests / CONNECTIONS) * CONNECTIONS).cpu_us);
}

void peers_cost(struct peers_bench *l)
{
    g_autofree char *plain = g_strdup_printf("http://127.0.0.1:%u", l->plain_port);
    g_autofree char *tls = g_strdup_printf("https://127.0.0.1:%u", l->tls_port);
    g_autofree char *h2c = g_strdup_printf("http://127.0.0.1:%u", l->h2c_port);
    const struct contest contests[] = {
        {"cost/get", "get", plain, "", "wrk", NULL, NULL},
        {"cost/post 1 kB", "post", plain, "", "wrk", "post.lua", NULL},
        {"cost/get, TLS", "get", tls, "--insecure", "wrk", NULL, NULL},
        {"cost/journey of 7", "journey", plain, "", "wrk, get", NULL, NULL},
        {"cost/get, h1", "get", plain, "", "h2load, h1", NULL, "--h1 -c64 -m1"},
        {"cost/get, h2c", "get", h2c, "--http2 --streams 10 --users 640", "h2load", NULL,
         "-c64 -m10"},
        {"cost/get, h2 over TLS", "get", tls, "--http2 --insecure --streams 10 --users 640",
         "h2load", NULL, "-c64 -m10"},
    };

    if (!write_post_script(l))
        g_error("%s: can't be written", l->folder);
    for (uint32_t i = 0; i < G_N_ELEMENTS(contests); i++)
        contest_run(l, &contests[i]);
    others(l, plain);
}
