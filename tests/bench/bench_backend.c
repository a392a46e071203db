/* bench_backend: the reference back end, on one processor, with its clients on the other: loopback, a
 * new database of the largest scenario (1.57 million positions), on the disk of the folder for
 * temporary files.
 *
 * `start` is seconds from nothing to the line that says it listens. `stock reads` are answers a second
 * to one GET each, measured by our own engine in a closed loop and, beside it, by wrk. `check-outs`
 * are carts with one line that become orders: two requests, each acknowledged when it is on disk.
 * They depend on how long the disk takes to say so, which `flush` shows: a write of 4 KiB and
 * fdatasync(). `cost/...` is the service's processor time a request. All but these are by the wall
 * clock, so the machine should have nothing else to do.
 */
#define _GNU_SOURCE
#include "bench/peers.h"
#include "shell/paths.h"
#include "traffic/plan.h"
#include "traffic/steps.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SCENARIO "scenarios/o2o_vs_omo.yaml"
#define STORES 780
#define STOCKED 2000 /* products that each of them stocks */
#define READ_USERS 64
#define WRITE_USERS 256
#define JOURNEYS 400000

struct backend_bench {
    struct bench b;
    char *folder, *omosim, *url;
    pid_t pid;
    double seconds;
};

/* ---- traffic --------------------------------------------------------------------------------- */

static const char *const *names_of(const char *prefix, uint32_t count)
{
    char **names = g_new0(char *, count + 1);

    for (uint32_t i = 0; i < count; i++)
        names[i] = g_strdup_printf("%s_%u", prefix, i + 1);
    return (const char *const *)names;
}

/* One journey of these steps after the other, each of another place, product and order. */
static bool write_plan(const struct backend_bench *l, const char *name, const uint8_t *kinds,
                       uint32_t kind_count)
{
    static const char *const channels[] = {"app_pickup", NULL};
    g_autofree char *path = g_strdup_printf("%s/%s.plan", l->folder, name);
    const struct plan_about about = {.scenario = "bench",
                                     .channels = channels,
                                     .places = names_of("store", STORES),
                                     .skus = names_of("sku", STOCKED),
                                     .epoch_us = INT64_MIN};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open(path, &about, &error);

    for (uint64_t i = 0; writer != NULL && error == NULL && i < JOURNEYS; i++) {
        omo_plan_step steps[4];
        const uint32_t place = (uint32_t)(i * 7 % STORES), sku = (uint32_t)(i * 13 % STOCKED);
        const omo_plan_journey journey = {.at_us = (int64_t)i * 100,
                                          .member = 1,
                                          .order = i + 1,
                                          .place = place,
                                          .step_count = (uint16_t)kind_count,
                                          .channel = 0};
        for (uint32_t k = 0; k < kind_count; k++)
            steps[k] = (omo_plan_step){.at_us = journey.at_us,
                                       .amount = 500,
                                       .sku = sku,
                                       .place = place,
                                       .quantity = 1,
                                       .coupon = OMO_PLAN_NO_COUPON,
                                       .kind = kinds[k]};
        plan_write_journey(writer, &journey, steps, NULL, &error);
    }
    if (error == NULL && plan_writer_commit(writer, NULL, &error))
        return true;
    g_printerr("bench backend: %s\n", error->message);
    return false;
}

/* A token, as any client gets it. */
static char *log_in(const struct backend_bench *l)
{
    struct peers_run run;

    peers_run_line(&run,
                   "curl -s %s/sessions -H 'Content-Type: application/json' -d "
                   "'{\"member\":\"1\"}'",
                   l->url);
    json_t *answer = run.ok ? json_loads(run.output, 0, NULL) : NULL;
    char *token = g_strdup(json_string_value(json_object_get(answer, "token")));
    json_decref(answer);
    peers_run_clear(&run);
    return token;
}

static bool write_map(const struct backend_bench *l)
{
    g_autofree char *path = g_strdup_printf("%s/map.yaml", l->folder), *token = log_in(l);
    g_autofree char *text = g_strdup_printf(
        "api: 1\nname: bench\nheaders: {Authorization: \"Bearer %s\"}\nsteps:\n"
        "  check_stock: {path: \"/places/{{place}}/stock/{{sku}}\"}\n"
        "  add_to_cart:\n    method: POST\n    path: /carts/{{order}}/lines\n    expect: [201]\n"
        "    body: '{\"sku\": \"{{sku}}\", \"quantity\": 1, \"price_cents\": 500}'\n"
        "  check_out:\n    method: POST\n    path: /orders\n    expect: [201]\n    refused: [409]\n"
        "    body: '{\"reference\": \"{{order}}\", \"cart\": \"{{order}}\", \"place\": "
        "\"{{place}}\", \"channel\": \"app\"}'\n",
        token);

    return token != NULL && g_file_set_contents(path, text, -1, NULL);
}

/* ---- the service ----------------------------------------------------------------------------- */

static double wall_s(void) { return (double)g_get_monotonic_time() / 1e6; }

/* Starts it and waits for its line; seconds, NaN when it does not come. */
static double start(struct backend_bench *l)
{
    g_autofree char *scenario = paths_find(SCENARIO, NULL);
    g_autofree char *db = g_strdup_printf("%s/shop.db", l->folder);
    g_autofree char *log = g_strdup_printf("%s/backend.out", l->folder);
    const char *const argv[] = {l->omosim, "backend", "--scenario", scenario, "--db", db,
                                "--port",  "0",       "--threads",  "1",      NULL};
    static const char line[] = "listening on ";
    const double began_s = wall_s();

    l->pid = peers_server_start(argv, log);
    while (wall_s() - began_s < 60.0) {
        g_autofree char *text = NULL;
        const char *at;
        if (g_file_get_contents(log, &text, NULL, NULL) && (at = strstr(text, line)) != NULL &&
            strchr(at, '\n') != NULL) {
            const char *url = at + strlen(line);
            l->url = g_strndup(url, strcspn(url, "\n"));
            return wall_s() - began_s;
        }
        g_usleep(2000);
    }
    g_printerr("bench backend: the service does not come up; see %s\n", log);
    return NAN;
}

/* Processor time of the service so far. */
static double service_s(const struct backend_bench *l)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)l->pid), *text = NULL;
    unsigned long long user = 0, system = 0;

    if (!g_file_get_contents(path, &text, NULL, NULL) ||
        sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
               &user, &system) != 2)
        return NAN;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* Microseconds of a small write until the disk has it; the median of many. */
static double flush_us(const struct backend_bench *l)
{
    enum { TIMES = 101 };
    g_autofree char *path = g_strdup_printf("%s/flush", l->folder);
    const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    static const char page[4096];
    double took[TIMES];

    for (int i = 0; i < TIMES; i++) {
        const double began_s = wall_s();
        if (write(fd, page, sizeof page) != (ssize_t)sizeof page || fdatasync(fd) != 0)
            g_error("%s: can't be written", path);
        took[i] = (wall_s() - began_s) * 1e6;
    }
    close(fd);
    return bench_median(took, TIMES);
}

/* ---- measuring ------------------------------------------------------------------------------- */

struct rate {
    double done;    /* a second: reads, or orders that were placed */
    double cost_us; /* the service's processor time for each request */
};

/* A closed loop by our engine. Of check-outs, those that found the shelf empty don't count. */
static struct rate replay(const struct backend_bench *l, const char *plan, int users, int pass)
{
    const bool reads = strcmp(plan, "reads") == 0;
    const double before_s = service_s(l);
    struct peers_run run;

    peers_run_line(&run,
                   "%s replay %s/%s.plan --api %s/map.yaml --target %s --users %d --connections %d"
                   " --threads 1 --speed 10000 --duration %.0fs --pass %d --json",
                   l->omosim, l->folder, plan, l->folder, l->url, users, users, l->seconds, pass);
    const double count = peers_json(&run, "requests/count");
    const double errors = peers_json(&run, "requests/errors");
    const double good = peers_json(&run, reads ? "requests/statuses/200" : "requests/statuses/201");
    if (errors != 0.0 || !(count > 0.0))
        g_printerr("bench backend: %s: %.0f errors\n%s\n", plan, errors, run.output);
    peers_run_clear(&run);
    return (struct rate){.done = (reads ? good : good - count / 2.0) / l->seconds,
                         .cost_us = (service_s(l) - before_s) * 1e6 / count};
}

static double wrk(const struct backend_bench *l)
{
    struct peers_run run;

    peers_run_line(&run, "wrk -t1 -c%d -d%.0fs %s/places/store_1/stock/sku_1", READ_USERS,
                   l->seconds, l->url);
    const double rate = run.ok ? peers_number_after(run.output, "Requests/sec") : NAN;
    peers_run_clear(&run);
    return rate;
}

static void measure(struct backend_bench *l)
{
    const int rounds = l->b.quick ? 1 : 3;
    double reads[3], peers[3], orders[3], read_us[3], write_us[3];

    for (int i = 0; i < rounds; i++) {
        const struct rate read = replay(l, "reads", READ_USERS, 1);
        peers[i] = wrk(l);
        const struct rate write = replay(l, "orders", WRITE_USERS, i + 1);
        reads[i] = read.done;
        read_us[i] = read.cost_us;
        orders[i] = write.done;
        write_us[i] = write.cost_us;
    }
    bench_row(&l->b, "stock reads", bench_median(reads, (uint32_t)rounds), "1/s", "wrk",
              bench_median(peers, (uint32_t)rounds));
    bench_row(&l->b, "check-outs", bench_median(orders, (uint32_t)rounds), "1/s", NULL, NAN);
    bench_row(&l->b, "cost/read", bench_median(read_us, (uint32_t)rounds), "us", NULL, NAN);
    bench_row(&l->b, "cost/write", bench_median(write_us, (uint32_t)rounds), "us", NULL, NAN);
}

static void remove_folder(const char *folder)
{
    struct peers_run run;

    peers_run_line(&run, "rm -rf %s", folder);
    peers_run_clear(&run);
}

int main(int argc, char **argv)
{
    static const uint8_t reads[] = {STEP_check_stock},
                         orders[] = {STEP_add_to_cart, STEP_check_out};
    struct backend_bench l = {.seconds = 5.0};
    g_autofree char *program = g_path_get_dirname(argv[0]);

    if (!bench_begin(&l.b, "backend", argc, argv))
        return 2;
    if (l.b.quick)
        l.seconds = 2.0;
    l.folder = g_dir_make_tmp("omosim-bench-XXXXXX", NULL);
    l.omosim = g_build_filename(program, "omosim", NULL);
    const double start_s = start(&l);
    const bool good = l.url != NULL && write_map(&l) && write_plan(&l, "reads", reads, 1) &&
                      write_plan(&l, "orders", orders, 2);
    if (good) {
        bench_row(&l.b, "start", start_s, "s", NULL, NAN);
        bench_row(&l.b, "flush", flush_us(&l), "us", NULL, NAN);
        measure(&l);
    }
    peers_server_stop(l.pid);
    remove_folder(l.folder);
    g_free(l.folder);
    g_free(l.omosim);
    g_free(l.url);
    return bench_end(&l.b, good);
}
