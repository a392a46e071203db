/* Batches: words first, into a buffer that stays in the first-level cache, then what is made of them.
 *
 * The stream is the cursor's own: what is left of its block, whole blocks, a part of the last. So a
 * batch is never another way of drawing, only a faster one. An exponential whose word refines takes
 * two words more (laws.c), once in 2^11 draws; the loop over the buffer therefore runs up to such a
 * word, lets the scalar code take it with the two after it, and goes on behind them.
 *
 * Cost on one core of a virtual machine with AVX2 at 3 GHz: a word 0.6 ns, an exponential 3 ns; by
 * the scalar path 2.4 and 7.
 */
#include <stdatomic.h>

#include "base/batch.h"
#include "base/batch_avx2.h"
#include "base/laws.h"

#define BATCH_WORDS 512

static atomic_bool batch_scalar; /* asked for */

void batch_use_scalar(bool scalar)
{
    atomic_store_explicit(&batch_scalar, scalar, memory_order_relaxed);
}

bool batch_is_vectorised(void)
{
#if BATCH_HAS_AVX2
    return !atomic_load_explicit(&batch_scalar, memory_order_relaxed) &&
           __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

void batch_words(struct draw_cursor *c, size_t count, uint32_t *ret_word)
{
    size_t done = 0;

    OMO_ASSERT(c != NULL);
    OMO_ASSERT(ret_word != NULL || count == 0);

    while (done < count && c->used < 4)
        ret_word[done++] = c->word[c->used++];
#if BATCH_HAS_AVX2
    size_t groups = (count - done) / (4 * BATCH_AVX2_BLOCKS);

    if (groups > 0 && batch_is_vectorised()) {
        batch_avx2_blocks(&c->counter, &c->key, groups, ret_word + done);
        c->counter.v[0] += (uint32_t)(groups * BATCH_AVX2_BLOCKS);
        done += groups * 4 * BATCH_AVX2_BLOCKS;
    }
#endif
    for (; done + 4 <= count; done += 4) {
        draw_block(c);
        memcpy(ret_word + done, c->word, sizeof(c->word));
        c->used = 4;
    }
    while (done < count)
        ret_word[done++] = draw_u32(c);
}

void batch_units(struct draw_cursor *c, size_t count, double *ret_unit)
{
    uint32_t word[BATCH_WORDS];

    while (count > 0) {
        size_t taken = count < BATCH_WORDS ? count : BATCH_WORDS;
        size_t done = 0;

        batch_words(c, taken, word);
#if BATCH_HAS_AVX2
        if (batch_is_vectorised())
            done = batch_avx2_units(word, taken, ret_unit);
#endif
        for (; done < taken; done++)
            ret_unit[done] = law_unit_of_word(word[done]);
        ret_unit += taken;
        count -= taken;
    }
}

/* Exponentials of the words up to one that refines; returns how many. */
static size_t batch_exponentials_plain(const uint32_t *word, size_t count, bool vectorised,
                                       double *ret_value)
{
    size_t done = 0;

#if BATCH_HAS_AVX2
    if (vectorised)
        done = batch_avx2_exponentials(word, count, ret_value);
#else
    (void)vectorised;
#endif
    for (; done < count && !law_refines(word[done]); done++)
        ret_value[done] = -maths_log_normal(law_unit_of_word(word[done]));
    return done;
}

void batch_exponentials(struct draw_cursor *c, size_t count, double *ret_value)
{
    const bool vectorised = batch_is_vectorised();
    uint32_t word[BATCH_WORDS];

    while (count > 0) {
        size_t taken = count < BATCH_WORDS ? count : BATCH_WORDS;
        size_t at = 0;

        batch_words(c, taken, word);
        while (at < taken) {
            size_t done = batch_exponentials_plain(word + at, taken - at, vectorised, ret_value);

            ret_value += done;
            count -= done;
            at += done;
            if (at >= taken)
                break;
            /* draw_unit53() by way of the buffer, as far as that goes. */
            uint64_t high = at + 1 < taken ? word[at + 1] : draw_u32(c);
            uint64_t low = at + 2 < taken ? word[at + 2] : draw_u32(c);
            *ret_value++ = law_exponential_refined(word[at], draw_unit53_of(high << 32 | low));
            count--;
            at += 3;
        }
    }
}

static double batch_entity_exponential(struct draw_key key, enum draw_purpose purpose,
                                       uint64_t entity, uint32_t index)
{
    struct draw_cursor c;

    draw_begin(&c, key, purpose, entity, index);
    return law_exponential(&c);
}

void batch_entity_exponentials(struct draw_key key, enum draw_purpose purpose, uint64_t entity,
                               uint32_t index, size_t count, double *ret_value)
{
    size_t done = 0;

#if BATCH_HAS_AVX2
    bool wraps = (uint32_t)entity > UINT32_MAX - count;
    while (batch_is_vectorised() && !wraps && count - done >= BATCH_AVX2_BLOCKS) {
        uint32_t word[BATCH_WORDS];
        struct draw_cursor c;
        size_t groups =
            (count - done < BATCH_WORDS ? count - done : BATCH_WORDS) / BATCH_AVX2_BLOCKS;
        size_t taken = groups * BATCH_AVX2_BLOCKS;

        draw_begin(&c, key, purpose, entity + done, index);
        batch_avx2_entities(&c.counter, &c.key, groups, word);
        for (size_t at = 0; at < taken; at++) {
            at += batch_exponentials_plain(word + at, taken - at, true, ret_value + done + at);
            if (at < taken) /* its word refines */
                ret_value[done + at] =
                    batch_entity_exponential(key, purpose, entity + done + at, index);
        }
        done += taken;
    }
#endif
    for (; done < count; done++)
        ret_value[done] = batch_entity_exponential(key, purpose, entity + done, index);
}
