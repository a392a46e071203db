/* What a draw costs, in nanoseconds.
 *
 * `keyed` opens a stream for every four draws, as an entity with a few decisions does, and uses
 * up its one Philox block; `chain` goes on in one stream; `batch` fills a thousand at a time.
 * The peer keeps a state instead of a key and cannot be synchronised: xoshiro256++ (Blackman and
 * Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021) and for
 * exponentials the ziggurat (Marsaglia and Tsang, "The ziggurat method for generating random
 * variables", Journal of Statistical Software 5, 2000) with 256 layers, which is as fast as a
 * scalar generator gets. What is drawn is added up, and the means are looked at, so that nothing
 * is left out by the compiler or wrong.
 */
#include "bench/kernel.h"
#include "bench/ziggurat.h"

#include "base/batch.h"
#include "base/laws.h"

#include <stdio.h>

#define STEPS 10000000
#define BATCH 1000

static double drawn_sum;
static uint64_t drawn_count;

static void drawn(double sum, uint64_t count)
{
    drawn_sum += sum;
    drawn_count += count;
}

/* ---- the peer -------------------------------------------------------------------------------- */

static void run_ziggurat(uint64_t steps)
{
    double sum = 0;

    for (uint64_t i = 0; i < steps; i++)
        sum += ziggurat_exponential();
    drawn(sum, steps);
}

/* ---- ours ------------------------------------------------------------------------------------ */

static void run_keyed(uint64_t steps)
{
    struct draw_key key = draw_key_make(1, 0);
    double sum = 0;

    for (uint64_t entity = 0; entity < steps / 4; entity++) {
        struct draw_cursor c;

        draw_begin(&c, key, DRAW_SERVICE, entity, 0);
        for (int i = 0; i < 4; i++)
            sum += law_exponential(&c);
    }
    drawn(sum, steps);
}

static struct draw_cursor chain_begin(void)
{
    struct draw_cursor c;

    draw_begin(&c, draw_key_make(2, 0), DRAW_ARRIVAL, 0, 0);
    return c;
}

static void run_chain(uint64_t steps)
{
    struct draw_cursor c = chain_begin();
    double sum = 0;

    for (uint64_t i = 0; i < steps; i++)
        sum += law_exponential(&c);
    drawn(sum, steps);
}

static void run_batch(uint64_t steps)
{
    struct draw_cursor c = chain_begin();
    double value[BATCH], sum = 0;

    for (uint64_t i = 0; i < steps; i += BATCH) {
        batch_exponentials(&c, BATCH, value);
        for (int k = 0; k < BATCH; k += 8) /* of some: the sum of all would cost as much again */
            sum += value[k];
    }
    drawn(sum, steps / 8);
}

static void run_batch_scalar(uint64_t steps)
{
    batch_use_scalar(true);
    run_batch(steps);
    batch_use_scalar(false);
}

static void run_law(const omo_law *law, uint64_t steps)
{
    struct draw_cursor c = chain_begin();
    double sum = 0;

    for (uint64_t i = 0; i < steps; i++)
        sum += law_draw(law, &c);
    drawn(sum, steps);
}

#define RUN_LAW(name, ...)                                                                         \
    static void run_##name(uint64_t steps)                                                         \
    {                                                                                              \
        const omo_law law = {__VA_ARGS__};                                                         \
        run_law(&law, steps);                                                                      \
    }
RUN_LAW(normal, OMO_LAW_NORMAL, 1000, 1)
RUN_LAW(gamma, OMO_LAW_GAMMA, 1, 0.5)
RUN_LAW(poisson_small, OMO_LAW_POISSON, 3)
RUN_LAW(poisson_large, OMO_LAW_POISSON, 500)
RUN_LAW(binomial, OMO_LAW_BINOMIAL, 1000, 0.3)
RUN_LAW(zipf, OMO_LAW_ZIPF, 1e6, 1.1)

static bool mean_is_one(const char *name)
{
    double z = (drawn_sum / (double)drawn_count - 1) * sqrt((double)drawn_count);

    drawn_sum = 0;
    drawn_count = 0;
    if (fabs(z) < 5)
        return true;
    fprintf(stderr, "bench_kernel: %s: the mean is off, z = %.1f\n", name, z);
    return false;
}

bool kernel_draw(struct bench *b)
{
    static const struct {
        const char *name;
        void (*run)(uint64_t steps);
    } exponential[] =
        {
            {"draw/keyed exponential", run_keyed},
            {"draw/chain exponential", run_chain},
            {"draw/batch exponential", run_batch},
            {"draw/batch exponential, scalar", run_batch_scalar},
        },
      other[] = {
          {"draw/normal", run_normal},
          {"draw/gamma, cv 0.5", run_gamma},
          {"draw/poisson, mean 3", run_poisson_small},
          {"draw/poisson, mean 500", run_poisson_large},
          {"draw/binomial, mean 300", run_binomial},
          {"draw/zipf, 10^6 ranks", run_zipf},
      };
    const uint64_t steps = b->quick ? STEPS / 10 : STEPS;

    ziggurat_make();
    run_ziggurat(steps);
    if (!mean_is_one("xoshiro256++, ziggurat"))
        return false;
    for (size_t i = 0; i < sizeof(exponential) / sizeof(exponential[0]); i++) {
        exponential[i].run(steps);
        if (!mean_is_one(exponential[i].name))
            return false;
        bench_time(b, exponential[i].name, steps, exponential[i].run, "xoshiro256++, ziggurat",
                   run_ziggurat);
        drawn_sum = 0;
        drawn_count = 0;
    }
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        bench_time(b, other[i].name, steps / 4, other[i].run, NULL, NULL);
    return true;
}
