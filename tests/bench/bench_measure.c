/* bench_measure -- what measuring costs: a request in the worker, an interval and a look back in the
 * main thread.
 *
 * Eight kinds of steps, responses of 0.2 to 3 ms, a thousand requests a second. A record enters three
 * exact histograms of its step, three coarse ones of its interval and two counters; the peer is one
 * exact histogram alone. Closing an interval packs 24 coarse histograms.
 */
#include "bench/bench.h"
#include "replay/measure.h"

#include <omosim/histogram.h>

#define SECOND_NS INT64_C(1000000000)
#define STEPS 8
#define SAMPLES (UINT64_C(1) << 16)
#define PER_SECOND 1000
#define REQUESTS 2000000
#define INTERVALS 2000

static struct measure *worker;
static struct measure_all *all;
static omo_histogram *alone;
static struct measure_sample *samples;

static void setup(void)
{
    bool used[STEP_COUNT] = {false};
    GRand *random = g_rand_new_with_seed(1);

    for (uint32_t i = 0; i < STEPS; i++)
        used[i] = true;
    worker = measure_new(&(struct measure_options){.step_used = used, .interval_ns = SECOND_NS});
    all = measure_all_new(&worker, 1, 10 * SECOND_NS);
    alone = omo_histogram_new(MEASURE_VALUE_MAX);
    samples = g_new0(struct measure_sample, SAMPLES);
    for (uint64_t i = 0; i < SAMPLES; i++) {
        samples[i].step = (uint32_t)g_rand_int_range(random, 0, STEPS);
        samples[i].sent_ns = g_rand_int_range(random, 2000, 60000);
        samples[i].done_ns = samples[i].sent_ns + g_rand_int_range(random, 200000, 3000000);
    }
    g_rand_free(random);
}

static void record(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        measure_record(worker, &samples[i % SAMPLES]);
}

static void record_alone(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        omo_histogram_record(alone, samples[i % SAMPLES].done_ns, 1);
}

static void close_intervals(uint64_t count)
{
    static int64_t second;

    for (uint64_t i = 0; i < count; i++, second++) {
        for (uint32_t j = 0; j < PER_SECOND; j++) {
            struct measure_sample sample = samples[(i * PER_SECOND + j) % SAMPLES];
            sample.intended_ns += second * SECOND_NS;
            sample.sent_ns += sample.intended_ns;
            sample.done_ns += sample.intended_ns;
            measure_record(worker, &sample);
        }
        for (int collect = 0; collect < 2; collect++)
            measure_all_collect(all, second * SECOND_NS);
    }
}

static void look_back(uint64_t count)
{
    uint64_t requests, errors;

    for (uint64_t i = 0; i < count; i++)
        measure_all_recent_quantile(all, MEASURE_TOTAL, 0, INT64_MAX, 990000, &requests, &errors);
}

int main(int argc, char **argv)
{
    struct bench b;

    if (!bench_begin(&b, "measure", argc, argv))
        return 2;
    setup();
    bench_time(&b, "a request", b.quick ? REQUESTS / 10 : REQUESTS, record, "one histogram",
               record_alone);
    bench_time(&b, "a second of 1,000 requests, closed", b.quick ? INTERVALS / 10 : INTERVALS,
               close_intervals, NULL, NULL);
    bench_time(&b, "p99 of the last 128 s", 20, look_back, NULL, NULL);
    g_free(samples);
    omo_histogram_free(alone);
    measure_all_free(all);
    measure_free(worker);
    return bench_end(&b, true);
}
