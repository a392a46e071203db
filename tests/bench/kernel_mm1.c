/* M/M/1 with 10^6 customers, 0.9 arrivals and 1 service an hour: what the kernel costs beside a
 * loop that can do nothing else.
 *
 * The bare loop knows that there is one queue and one server: it compares the times of the next
 * arrival and the next end of service, keeps the queue in a ring, and adds up the measures of an
 * M/M/1: utilisation, Lq, Wq and W with their variances, the half-width of Wq by batch means, in
 * the same exact integers. It draws the very same numbers as the kernel, in the same way
 * (intervals by the batch, services keyed by customer), so both must come to the same mean wait,
 * to the last digit: that is checked. Once more it runs with the fastest generator that keeps a
 * state (ziggurat.h). SimPy 3 runs its textbook model of the same queue once, in a Python of its
 * own; its time is that process's.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench/kernel.h"
#include "bench/ziggurat.h"

#include "base/batch.h"
#include "base/batches.h"
#include "base/laws.h"
#include "base/moments.h"

#include <omosim/kernel.h>

#define HOUR ((double)OMO_US_PER_HOUR)
#define CUSTOMERS 1000000
#define RING (1 << 16) /* more than the queue ever is */
#define GAPS 64

static double wait_kernel_us, wait_bare_us; /* of the last runs */

/* ---- the bare loop --------------------------------------------------------------------------- */

struct bare {
    int64_t ring[RING];
    uint64_t head, tail, customers;
    core_int128 queue_area, busy_area;
    struct moments wait, stay;
    struct batches waits;
};

static struct bare bare;

static inline void bare_started(int64_t wait_us)
{
    moments_add(&bare.wait, wait_us);
    batches_add(&bare.waits, wait_us);
}

/* One loop for two generators: `keyed` is known where this is inlined. */
static inline __attribute__((always_inline)) void bare_loop(uint64_t customers, bool keyed)
{
    struct draw_key key = draw_key_make(1, 0);
    struct draw_cursor gaps, service;
    double gap[GAPS];
    uint32_t gap_used = GAPS;
    uint64_t arrived = 0, started = 0, done = 0;
    int64_t now_us = 0, since_us = 0, came_us = 0, done_us = INT64_MAX, arrival_us;

    bare = (struct bare){.customers = customers};
    draw_begin(&gaps, key, DRAW_SOURCE, 0, 0);
#define NEXT_GAP()                                                                                 \
    (keyed ? (gap_used == GAPS ? (batch_exponentials(&gaps, GAPS, gap), gap_used = 0) : 0,         \
              law_round_us(HOUR / 0.9 * gap[gap_used++]))                                          \
           : law_round_us(HOUR / 0.9 * ziggurat_exponential()))
#define NEXT_SERVICE()                                                                             \
    (keyed ? (draw_begin(&service, key, DRAW_STATION, started++, 0),                               \
              law_round_us(HOUR * law_exponential(&service)))                                      \
           : law_round_us(HOUR * ziggurat_exponential()))
    arrival_us = NEXT_GAP();
    while (done < customers) {
        bool arrives = arrival_us <= done_us, busy = done_us != INT64_MAX;
        now_us = arrives ? arrival_us : done_us;
        bare.queue_area += (core_int128)(bare.tail - bare.head) * (now_us - since_us);
        bare.busy_area += busy ? now_us - since_us : 0;
        since_us = now_us;
        if (arrives) {
            if (busy) {
                bare.ring[bare.tail++ % RING] = now_us;
            } else {
                came_us = now_us;
                bare_started(0);
                done_us = now_us + NEXT_SERVICE();
            }
            arrival_us = ++arrived < customers ? now_us + NEXT_GAP() : INT64_MAX;
        } else {
            done++;
            moments_add(&bare.stay, now_us - came_us);
            done_us = INT64_MAX;
            if (bare.head != bare.tail) {
                came_us = bare.ring[bare.head++ % RING];
                bare_started(now_us - came_us);
                done_us = now_us + NEXT_SERVICE();
            }
        }
    }
    wait_bare_us = moments_mean(&bare.wait);
}

static void run_bare(uint64_t steps) { bare_loop(steps, true); }

static void run_bare_ziggurat(uint64_t steps)
{
    double wait_us = wait_bare_us;

    bare_loop(steps, false);
    wait_bare_us = wait_us;
}

/* ---- the kernel ------------------------------------------------------------------------------ */

static void run_kernel(uint64_t steps)
{
    omo_kernel_options options = omo_kernel_defaults();
    options.job_max = 10000;
    options.timer_max = 1;
    omo_kernel *k = omo_kernel_new(&options, NULL);
    omo_station_options till = omo_station_defaults("till");
    omo_source_options door = omo_source_defaults("door");
    omo_station_report report = {.wait_mean_us = -1.0};

    till.service = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = HOUR};
    door.interval = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = HOUR / 0.9};
    door.to = omo_kernel_add_station(k, &till);
    door.count_max = steps;
    omo_kernel_add_source(k, &door);
    if (omo_kernel_run(k, OMO_FOREVER, NULL) == OMO_OK)
        omo_kernel_station(k, door.to, &report);
    wait_kernel_us = report.wait_mean_us;
    omo_kernel_free(k);
}

/* ---- SimPy ----------------------------------------------------------------------------------- */

static const char simpy_program[] = "import random, sys, simpy\n"
                                    "def customer(env, till):\n"
                                    "    came = env.now\n"
                                    "    with till.request() as turn:\n"
                                    "        yield turn\n"
                                    "        waits.append(env.now - came)\n"
                                    "        yield env.timeout(random.expovariate(1.0))\n"
                                    "def door(env, till):\n"
                                    "    for i in range(int(sys.argv[1])):\n"
                                    "        yield env.timeout(random.expovariate(0.9))\n"
                                    "        env.process(customer(env, till))\n"
                                    "random.seed(1)\n"
                                    "waits = []\n"
                                    "env = simpy.Environment()\n"
                                    "env.process(door(env, simpy.Resource(env, 1)))\n"
                                    "env.run()\n"
                                    "assert 5 < sum(waits) / len(waits) < 14\n";

/* Processor seconds of the run, or a negative number when there is no SimPy. */
static double simpy_s(uint64_t customers)
{
    g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, customers);
    /* Debian's own, whatever else is called python3: it has Debian's packages. */
    char *arguments[] = {"/usr/bin/python3", "-c", (char *)(uintptr_t)simpy_program, count, NULL};
    struct rusage before, after;
    int status = 1;

    getrusage(RUSAGE_CHILDREN, &before);
    if (!g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                      NULL) ||
        !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return -1.0;
    getrusage(RUSAGE_CHILDREN, &after);
    return (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
           (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6 +
           (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
           (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
}

bool kernel_mm1(struct bench *b)
{
    uint64_t customers = b->quick ? CUSTOMERS / 10 : CUSTOMERS;
    double began_s;

    ziggurat_make();
    bench_time(b, "mm1/1e6", customers, run_kernel, "bare loop, same draws", run_bare);
    if (wait_kernel_us != wait_bare_us) {
        fprintf(stderr,
                "bench_kernel: M/M/1: the mean wait is %.17g us by the kernel, %.17g by the "
                "bare loop\n",
                wait_kernel_us, wait_bare_us);
        return false;
    }
    bench_time(b, "mm1/1e6, ziggurat peer", customers, run_kernel, "bare loop, ziggurat",
               run_bare_ziggurat);
    began_s = bench_processor_s();
    run_kernel(customers);
    double kernel_s = bench_processor_s() - began_s;
    uint64_t simpy_customers = b->quick ? customers / 10 : customers;
    double peer_s = simpy_s(simpy_customers);
    if (peer_s < 0.0) {
        fprintf(stderr, "bench_kernel: no SimPy (python3-simpy3): its row is left out\n");
        return true;
    }
    bench_row(b, "mm1/1e6, SimPy peer", kernel_s * 1e9 / (double)customers, "ns", "SimPy 3",
              peer_s * 1e9 / (double)simpy_customers);
    return true;
}
