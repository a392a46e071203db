/* The vectorised parts of batch.c; x86-64 alone. A caller has asked the processor for AVX2. */
#ifndef OMO_BASE_BATCH_AVX2_H
#define OMO_BASE_BATCH_AVX2_H

#include "base/draws.h"

#if defined(__x86_64__)
#define BATCH_HAS_AVX2 1
#else
#define BATCH_HAS_AVX2 0
#endif

#define BATCH_AVX2_BLOCKS 8 /* blocks worked out at a time */

#if BATCH_HAS_AVX2
/* The words of `group_count` times eight blocks from the counter's on; the counter stays. */
void batch_avx2_blocks(const philox4x32_ctr_t *counter, const philox4x32_key_t *key,
                       size_t group_count, uint32_t *ret_word);
/* The first words of as many blocks, whose entities (the counter's third word) go up by one: eight a
 * group. The third word does not wrap. */
void batch_avx2_entities(const philox4x32_ctr_t *counter, const philox4x32_key_t *key,
                         size_t group_count, uint32_t *ret_word);
/* (word + 1/2) / 2^32 of the first count / 4 * 4 words; returns how many those are. */
size_t batch_avx2_units(const uint32_t *word, size_t count, double *ret_unit);
/* -log of the same, fours of words until one of the four refines (law_refines); returns how many
 * were worked out. */
size_t batch_avx2_exponentials(const uint32_t *word, size_t count, double *ret_value);
#endif

#endif
