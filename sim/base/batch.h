/* Many draws of one stream at a time: the same numbers, in the same order, as one by one.
 *
 * Each call leaves the cursor where `count` single draws would have left it, so batches of any size
 * and single draws may be mixed. On processors with AVX2 blocks and logarithms are worked out eight
 * and four at a time, with the same bits as without. Nothing is allocated. Any thread, each with a
 * cursor of its own.
 */
#ifndef OMO_BASE_BATCH_H
#define OMO_BASE_BATCH_H

#include "base/draws.h"

/* `count` times draw_u32(), draw_unit(), law_exponential(). */
void batch_words(struct draw_cursor *c, size_t count, uint32_t *ret_word);
void batch_units(struct draw_cursor *c, size_t count, double *ret_unit);
void batch_exponentials(struct draw_cursor *c, size_t count, double *ret_value);

/* The first exponential of each of `count` streams, those of entities entity, entity + 1, ...: what
 * draw_begin() and law_exponential() would give one by one. */
void batch_entity_exponentials(struct draw_key key, enum draw_purpose purpose, uint64_t entity,
                               uint32_t index, size_t count, double *ret_value);

/* Keeps to the scalar path (for tests and comparisons: no result depends on it), or stops doing so.
 * Takes effect for all threads at their next call. */
void batch_use_scalar(bool scalar);
/* Whether calls go by vectors now. */
bool batch_is_vectorised(void);

#endif
