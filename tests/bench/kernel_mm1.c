/* M/M/1 with 10^6 customers, 0.9 arrivals and 1 service an hour: what the kernel costs beside a
 * loop that can do nothing else.
 *
 * The bare loop knows that there is one queue and one server: it compares the times of the next
 * arrival and the next end of service, keeps the queue in a ring, and adds up the measures of an
 * M/M/1: utilisation, Lq, Wq and W with their variances, the half-width of Wq by batch means, in
 * the same exact integers. It draws the very same numbers as the kernel, keyed by customer, one
 * by one as it needs them; so both must come to the same mean wait, to the last digit: that is
 * checked. The kernel draws many ahead where it can, and so does the loop in the second row,
 * which shows what is left to gain; in the third it has the fastest generator that keeps a state
 * (ziggurat.h). SimPy 3 runs its textbook model of the same queue once, with the same measures,
 * in a Python of its own; its time is that process's.
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

enum bare_draws { ONE_BY_ONE, BY_BATCH, ZIGGURAT };

struct bare_source {
    struct draw_key key;
    struct draw_cursor gaps;
    uint64_t gap_count, service_count;
    double gap[GAPS], service[GAPS];
};

static inline int64_t bare_gap_us(struct bare_source *s, enum bare_draws draws)
{
    if (draws == ZIGGURAT)
        return law_round_us(HOUR / 0.9 * ziggurat_exponential());
    if (draws == ONE_BY_ONE)
        return law_round_us(HOUR / 0.9 * law_exponential(&s->gaps));
    if (s->gap_count % GAPS == 0)
        batch_exponentials(&s->gaps, GAPS, s->gap);
    return law_round_us(HOUR / 0.9 * s->gap[s->gap_count++ % GAPS]);
}

static inline int64_t bare_service_us(struct bare_source *s, enum bare_draws draws)
{
    if (draws == ZIGGURAT)
        return law_round_us(HOUR * ziggurat_exponential());
    if (draws == ONE_BY_ONE) {
        struct draw_cursor c;
        draw_begin(&c, s->key, DRAW_STATION, s->service_count++, 0);
        return law_round_us(HOUR * law_exponential(&c));
    }
    if (s->service_count % GAPS == 0)
        batch_entity_exponentials(s->key, DRAW_STATION, s->service_count, 0, GAPS, s->service);
    return law_round_us(HOUR * s->service[s->service_count++ % GAPS]);
}

/* One loop for all draws: which they are is known where this is inlined. */
static inline __attribute__((always_inline)) void bare_loop(uint64_t customers,
                                                            enum bare_draws draws)
{
    struct bare_source source = {.key = draw_key_make(1, 0)};
    uint64_t arrived = 0, done = 0;
    int64_t now_us = 0, since_us = 0, came_us = 0, done_us = INT64_MAX, arrival_us;

    bare = (struct bare){.customers = customers};
    draw_begin(&source.gaps, source.key, DRAW_SOURCE, 0, 0);
    arrival_us = bare_gap_us(&source, draws);
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
                done_us = now_us + bare_service_us(&source, draws);
            }
            arrival_us = ++arrived < customers ? now_us + bare_gap_us(&source, draws) : INT64_MAX;
        } else {
            done++;
            moments_add(&bare.stay, now_us - came_us);
            done_us = INT64_MAX;
            if (bare.head != bare.tail) {
                came_us = bare.ring[bare.head++ % RING];
                bare_started(now_us - came_us);
                done_us = now_us + bare_service_us(&source, draws);
            }
        }
    }
    wait_bare_us = moments_mean(&bare.wait);
}

static void run_bare(uint64_t steps) { bare_loop(steps, ONE_BY_ONE); }
static void run_bare_batch(uint64_t steps) { bare_loop(steps, BY_BATCH); }
static void run_bare_ziggurat(uint64_t steps) { bare_loop(steps, ZIGGURAT); }

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

/* Customers as processes at a resource, and the same measures: areas of the queue and of those
 * served, sums and squares of waits and of times in the system. */
static const char simpy_program[] = "import random, sys, simpy\n"
                                    "class Station:\n"
                                    "    def __init__(self, env):\n"
                                    "        self.env, self.till = env, simpy.Resource(env, 1)\n"
                                    "        self.since = self.waiting = self.busy = 0\n"
                                    "        self.queue_area = self.busy_area = 0.0\n"
                                    "        self.waits = self.wait_sum = self.wait_square = 0.0\n"
                                    "        self.stays = self.stay_sum = self.stay_square = 0.0\n"
                                    "    def change(self, waiting, busy):\n"
                                    "        span = self.env.now - self.since\n"
                                    "        self.queue_area += self.waiting * span\n"
                                    "        self.busy_area += self.busy * span\n"
                                    "        self.since = self.env.now\n"
                                    "        self.waiting += waiting\n"
                                    "        self.busy += busy\n"
                                    "    def customer(self):\n"
                                    "        came = self.env.now\n"
                                    "        self.change(1, 0)\n"
                                    "        with self.till.request() as turn:\n"
                                    "            yield turn\n"
                                    "            self.change(-1, 1)\n"
                                    "            wait = self.env.now - came\n"
                                    "            self.waits += 1\n"
                                    "            self.wait_sum += wait\n"
                                    "            self.wait_square += wait * wait\n"
                                    "            yield self.env.timeout(random.expovariate(1.0))\n"
                                    "            self.change(0, -1)\n"
                                    "            stay = self.env.now - came\n"
                                    "            self.stays += 1\n"
                                    "            self.stay_sum += stay\n"
                                    "            self.stay_square += stay * stay\n"
                                    "    def door(self, customers):\n"
                                    "        for i in range(customers):\n"
                                    "            yield self.env.timeout(random.expovariate(0.9))\n"
                                    "            self.env.process(self.customer())\n"
                                    "random.seed(1)\n"
                                    "env = simpy.Environment()\n"
                                    "station = Station(env)\n"
                                    "env.process(station.door(int(sys.argv[1])))\n"
                                    "env.run()\n"
                                    "assert 5 < station.wait_sum / station.waits < 14\n";

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

static bool mm1_same(void)
{
    if (wait_kernel_us == wait_bare_us)
        return true;
    fprintf(stderr,
            "bench_kernel: M/M/1: mean wait %.17g us by the kernel, %.17g by the bare loop\n",
            wait_kernel_us, wait_bare_us);
    return false;
}

bool kernel_mm1(struct bench *b)
{
    uint64_t customers = b->quick ? CUSTOMERS / 10 : CUSTOMERS;
    double began_s;

    ziggurat_make();
    bench_time(b, "mm1/1e6", customers, run_kernel, "bare loop, same draws", run_bare);
    if (!mm1_same())
        return false;
    bench_time(b, "mm1/1e6, batches", customers, run_kernel, "bare loop, same by batch",
               run_bare_batch);
    if (!mm1_same())
        return false;
    bench_time(b, "mm1/1e6, ziggurat", customers, run_kernel, "bare loop, ziggurat",
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
    bench_row(b, "mm1/1e6, SimPy", kernel_s * 1e9 / (double)customers, "ns", "SimPy 3",
              peer_s * 1e9 / (double)simpy_customers);
    return true;
}
