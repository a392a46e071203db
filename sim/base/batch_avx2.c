/* Philox and the logarithm in AVX2 registers, bit for bit as in scalar arithmetic.
 *
 * Philox. Eight blocks that differ in the first counter word alone stand in four registers, one for
 * each counter word, a block to a lane of 32 bits. A round multiplies two of the words by constants
 * to 64 bits; _mm256_mul_epu32 does that for the even lanes, and for the odd ones once they are
 * shifted down. Ten rounds are the same integer arithmetic as Random123's, whose own vector code is
 * for another order of counters. At the end the four registers are transposed, so that words come
 * out in the order in which a cursor would hand them over.
 *
 * Logarithm. Each step of maths_log_of() for four doubles. Additions, multiplications and divisions
 * of vectors round as the scalar ones do (IEEE 754), nothing is fused (-ffp-contract=off, and the
 * functions are compiled for AVX2 without FMA), and the order is the same: so are the bits.
 *
 * The functions carry their target as an attribute instead of a flag of the file: then nothing else
 * of the file can be compiled for a processor that is not there.
 */
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/batch_avx2.h"
#include "base/laws.h"

#if BATCH_HAS_AVX2

#define AVX2 __attribute__((target("avx2")))
#define AVX2_INLINE static inline __attribute__((target("avx2"), always_inline))

static_assert(BATCH_AVX2_BLOCKS * sizeof(uint32_t) == sizeof(__m256i), "a block to a lane");

/* Products of eight lanes with a constant; *ret_high has the upper halves, the value the lower. */
AVX2_INLINE __m256i avx2_multiply(__m256i x, __m256i factor, __m256i *ret_high)
{
    __m256i even = _mm256_mul_epu32(x, factor);
    __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), factor);

    *ret_high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
    return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
}

/* Ten rounds over the counters in x[0] to x[3]. */
AVX2_INLINE void avx2_rounds(__m256i x[4], const philox4x32_key_t *key)
{
    const __m256i factor_0 = _mm256_set1_epi32((int)PHILOX_M4x32_0);
    const __m256i factor_1 = _mm256_set1_epi32((int)PHILOX_M4x32_1);
    uint32_t key_0 = key->v[0];
    uint32_t key_1 = key->v[1];

    for (int round = 0; round < philox4x32_rounds; round++) {
        __m256i high_0, high_1;
        __m256i low_0 = avx2_multiply(x[0], factor_0, &high_0);
        __m256i low_1 = avx2_multiply(x[2], factor_1, &high_1);

        x[0] = _mm256_xor_si256(_mm256_xor_si256(high_1, x[1]), _mm256_set1_epi32((int)key_0));
        x[2] = _mm256_xor_si256(_mm256_xor_si256(high_0, x[3]), _mm256_set1_epi32((int)key_1));
        x[1] = low_1;
        x[3] = low_0;
        key_0 += PHILOX_W32_0;
        key_1 += PHILOX_W32_1;
    }
}

/* Word 0 of blocks 0 to 7, word 1, ... become the four words of block 0, of block 1, ... */
AVX2_INLINE void avx2_store_blocks(const __m256i x[4], uint32_t *ret_word)
{
    __m256i low_01 = _mm256_unpacklo_epi32(x[0], x[1]); /* blocks 0 and 1, 4 and 5 */
    __m256i high_01 = _mm256_unpackhi_epi32(x[0], x[1]);
    __m256i low_23 = _mm256_unpacklo_epi32(x[2], x[3]);
    __m256i high_23 = _mm256_unpackhi_epi32(x[2], x[3]);
    __m256i block_04 = _mm256_unpacklo_epi64(low_01, low_23);
    __m256i block_15 = _mm256_unpackhi_epi64(low_01, low_23);
    __m256i block_26 = _mm256_unpacklo_epi64(high_01, high_23);
    __m256i block_37 = _mm256_unpackhi_epi64(high_01, high_23);
    __m256i *to = (__m256i *)(void *)ret_word; /* a vector may alias anything */

    _mm256_storeu_si256(to, _mm256_permute2x128_si256(block_04, block_15, 0x20));
    _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(block_26, block_37, 0x20));
    _mm256_storeu_si256(to + 2, _mm256_permute2x128_si256(block_04, block_15, 0x31));
    _mm256_storeu_si256(to + 3, _mm256_permute2x128_si256(block_26, block_37, 0x31));
}

AVX2 void batch_avx2_blocks(const philox4x32_ctr_t *counter, const philox4x32_key_t *key,
                            size_t group_count, uint32_t *ret_word)
{
    __m256i first = _mm256_add_epi32(_mm256_set1_epi32((int)counter->v[0]),
                                     _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));

    for (size_t i = 0; i < group_count; i++) {
        __m256i x[4] = {first, _mm256_set1_epi32((int)counter->v[1]),
                        _mm256_set1_epi32((int)counter->v[2]),
                        _mm256_set1_epi32((int)counter->v[3])};

        avx2_rounds(x, key);
        avx2_store_blocks(x, ret_word + 4 * BATCH_AVX2_BLOCKS * i);
        first = _mm256_add_epi32(first, _mm256_set1_epi32(BATCH_AVX2_BLOCKS));
    }
}

AVX2 void batch_avx2_entities(const philox4x32_ctr_t *counter, const philox4x32_key_t *key,
                              size_t group_count, uint32_t *ret_word)
{
    __m256i entity = _mm256_add_epi32(_mm256_set1_epi32((int)counter->v[2]),
                                      _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));

    for (size_t i = 0; i < group_count; i++) {
        __m256i x[4] = {_mm256_set1_epi32((int)counter->v[0]),
                        _mm256_set1_epi32((int)counter->v[1]), entity,
                        _mm256_set1_epi32((int)counter->v[3])};

        avx2_rounds(x, key);
        _mm256_storeu_si256((__m256i *)(void *)(ret_word + BATCH_AVX2_BLOCKS * i), x[0]);
        entity = _mm256_add_epi32(entity, _mm256_set1_epi32(BATCH_AVX2_BLOCKS));
    }
}

AVX2_INLINE __m128i avx2_load_words(const uint32_t *word)
{
    return _mm_loadu_si128((const __m128i *)(const void *)word);
}

/* law_unit_of_word() of four. */
AVX2_INLINE __m256d avx2_units_of_words(__m128i word)
{
    __m256i bits = _mm256_or_si256(_mm256_cvtepu32_epi64(word),
                                   _mm256_set1_epi64x((int64_t)(UINT64_C(0x433) << 52)));
    __m256d wide = _mm256_sub_pd(_mm256_castsi256_pd(bits), _mm256_set1_pd(0x1p52 - 0.5));

    return _mm256_mul_pd(wide, _mm256_set1_pd(0x1p-32));
}

AVX2 size_t batch_avx2_units(const uint32_t *word, size_t count, double *ret_unit)
{
    size_t done = 0;

    for (; done + 4 <= count; done += 4)
        _mm256_storeu_pd(ret_unit + done, avx2_units_of_words(avx2_load_words(word + done)));
    return done;
}

/* law_refines() of any of the four; compared as signed numbers, which order as unsigned ones do
 * once their top bit is turned. */
AVX2_INLINE bool avx2_any_refines(__m128i word)
{
    __m128i turned = _mm_add_epi32(word, _mm_set1_epi32((int)(0x80000000U - LAW_REFINE_WORD)));
    __m128i last = _mm_set1_epi32((int)(0x7fffffffU - 2 * LAW_REFINE_WORD - 1));

    return _mm_movemask_epi8(_mm_cmpgt_epi32(turned, last)) != 0;
}

AVX2_INLINE __m256d avx2_polynomial(__m256d z, double constant, double factor)
{
    return _mm256_add_pd(_mm256_set1_pd(constant), _mm256_mul_pd(z, _mm256_set1_pd(factor)));
}

/* maths_log_normal() of four, in its order. */
AVX2_INLINE __m256d avx2_log(__m256d x)
{
    const __m256i bias = _mm256_set1_epi64x((int64_t)(UINT64_C(1024) << 52));
    __m256i bits = _mm256_castpd_si256(x);
    __m256i offset =
        _mm256_add_epi64(_mm256_sub_epi64(bits, _mm256_set1_epi64x((int64_t)MATHS_SQRT_HALF_BITS)),
                         bias);
    __m256i exponent = _mm256_or_si256(_mm256_srli_epi64(offset, 52),
                                       _mm256_set1_epi64x((int64_t)(UINT64_C(0x433) << 52)));
    __m256d k = _mm256_sub_pd(_mm256_castsi256_pd(exponent), _mm256_set1_pd(0x1p52 + 1024));
    __m256i power =
        _mm256_sub_epi64(_mm256_and_si256(offset, _mm256_set1_epi64x((int64_t)MATHS_EXPONENT_MASK)),
                         bias);
    __m256d m = _mm256_castsi256_pd(_mm256_sub_epi64(bits, power));

    __m256d f = _mm256_sub_pd(m, _mm256_set1_pd(1));
    __m256d s = _mm256_div_pd(f, _mm256_add_pd(_mm256_set1_pd(2), f));
    __m256d z = _mm256_mul_pd(s, s);
    __m256d z2 = _mm256_mul_pd(z, z);
    __m256d high = _mm256_add_pd(avx2_polynomial(z, MATHS_LOG_5, MATHS_LOG_6),
                                 _mm256_mul_pd(z2, _mm256_set1_pd(MATHS_LOG_7)));
    __m256d middle =
        _mm256_add_pd(avx2_polynomial(z, MATHS_LOG_3, MATHS_LOG_4), _mm256_mul_pd(z2, high));
    __m256d r = _mm256_mul_pd(z, _mm256_add_pd(avx2_polynomial(z, MATHS_LOG_1, MATHS_LOG_2),
                                               _mm256_mul_pd(z2, middle)));
    __m256d half_square = _mm256_mul_pd(_mm256_mul_pd(_mm256_set1_pd(0.5), f), f);
    __m256d correction = _mm256_add_pd(_mm256_mul_pd(s, _mm256_add_pd(half_square, r)),
                                       _mm256_mul_pd(k, _mm256_set1_pd(MATHS_LN2_TAIL)));

    return _mm256_sub_pd(_mm256_mul_pd(k, _mm256_set1_pd(MATHS_LN2_HEAD)),
                         _mm256_sub_pd(_mm256_sub_pd(half_square, correction), f));
}

AVX2 size_t batch_avx2_exponentials(const uint32_t *word, size_t count, double *ret_value)
{
    const __m256d sign = _mm256_set1_pd(-0.0);
    size_t done = 0;

    for (; done + 4 <= count; done += 4) {
        __m128i words = avx2_load_words(word + done);

        if (__builtin_expect(avx2_any_refines(words), 0))
            break;
        _mm256_storeu_pd(ret_value + done,
                         _mm256_xor_pd(sign, avx2_log(avx2_units_of_words(words))));
    }
    return done;
}

#endif
