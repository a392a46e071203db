/* Seeds of random tests: printed as OMO_SEED=..., and obeyed when the environment sets it.
 *
 * Include it before any header of ours, because of the poison list. */
#ifndef OMO_TESTS_CONFORMANCE_SEED_H
#define OMO_TESTS_CONFORMANCE_SEED_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The seed of this run, printed. */
static inline uint64_t seed_take(void)
{
    const char *text = getenv("OMO_SEED");
    uint64_t seed = text != NULL ? strtoull(text, NULL, 0) : UINT64_C(20240611);

    printf("OMO_SEED=%" PRIu64 "\n", seed);
    fflush(stdout);
    return seed;
}

/* SplitMix64 (Steele, Lea & Flood 2014). */
static inline uint64_t seed_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Uniform whole number in low..high. */
static inline int64_t seed_between(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(seed_next(state) % (uint64_t)(high - low + 1));
}

#endif
