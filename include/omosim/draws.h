/* Keyed random numbers: draw(seed, replication, purpose, entity, index), no generator to keep.
 *
 * A stream is opened by its key wherever it is needed and lives on the stack; the same key gives the
 * same numbers, on every machine, in any order and on any thread. So give each decision of each
 * entity a key of its own, and two variants of a model meet the same chances. The words are
 * Philox4x32-10 (Salmon et al., SC 2011): key = seed and replication mixed, counter = block number,
 * purpose and index, entity.
 *
 *     omo_draws d;
 *     omo_draws_open(&d, seed, replication, 200, customer, 0, NULL);
 *     double patience_s = 90 * omo_draws_exponential(&d);
 */
#ifndef OMOSIM_DRAWS_H
#define OMOSIM_DRAWS_H

#include <omosim/law.h>
#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A place in a stream. The library alone looks inside; may be copied. */
typedef struct omo_draws {
    uint32_t counter[4];
    uint32_t key[2];
    uint32_t word[4];
    uint32_t used;
} omo_draws;

/* Opens a stream at its beginning. `purpose` is below 256 (the simulator's own begin at 0; take
 * yours from 128 on), `index` below 2^24. Else OMO_EINVAL with the text set. */
OMO_API omo_status omo_draws_open(omo_draws *ret_draws, uint64_t seed, uint64_t replication,
                                  uint32_t purpose, uint64_t entity, uint32_t index,
                                  omo_error *ret_error);
/* The next 32 bits. */
OMO_API uint32_t omo_draws_word(omo_draws *draws);
/* Uniform in the open interval (0, 1), 32 bits. */
OMO_API double omo_draws_unit(omo_draws *draws);
/* Exponential of mean 1. */
OMO_API double omo_draws_exponential(omo_draws *draws);
/* One value of a law that has passed omo_law_check(); one that has not is a bug and ends the
 * process. */
OMO_API double omo_law_draw(const omo_law *law, omo_draws *draws);

/* The same numbers as `count` single calls, several at a time (three times as fast from about a
 * hundred on, where the processor has AVX2; the same bits everywhere). */
OMO_API void omo_draws_fill_unit(omo_draws *draws, size_t count, double *ret_value);
OMO_API void omo_draws_fill_exponential(omo_draws *draws, size_t count, double *ret_value);
/* Leaves vector instructions alone from now on, in all threads. Changes no number, only the time. */
OMO_API void omo_draws_use_scalar(bool scalar);

/* The generator itself, one block: Philox4x32-10 of a counter and a key. */
OMO_API void omo_draw_words(const uint32_t counter[4], const uint32_t key[2], uint32_t ret_word[4]);

#ifdef __cplusplus
}
#endif
#endif
