/* Sampling of omo_law from keyed draws. */
#ifndef OMO_BASE_LAWS_H
#define OMO_BASE_LAWS_H

#include <omosim/law.h>

#include "base/alias.h"
#include "base/draws.h"
#include "base/maths_log.h"

/* One value of the law. The law has passed omo_law_check. */
double law_draw(const omo_law *law, struct draw_cursor *c);
/* A time rounded to the nearest microsecond, at least 0 and below 2^62. */
static inline int64_t law_round_us(double us)
{
    us += 0.5;
    if (us >= 0x1p62)
        return (INT64_C(1) << 62) - 1;
    return us > 0 ? (int64_t)us : 0;
}
/* One value of the law, rounded so. */
int64_t law_draw_us(const omo_law *law, struct draw_cursor *c);
/* Constant 0: in options it means that there is no such thing. */
static inline bool law_is_zero(const omo_law *law)
{
    return law->kind == OMO_LAW_CONSTANT && law->a == 0.0;
}

/* Standard normal. */
double law_normal(struct draw_cursor *c);
/* Gamma of the given shape (above 0) and scale 1. */
double law_gamma(double shape, struct draw_cursor *c);

/* Whole numbers (laws_whole.c), each exact. Poisson: inversion for small means, PTRS (Hormann 1993)
 * from 10 on; mean >= 0 and below 1e9. Binomial: whole trials below 1e9, probability 0 to 1.
 * Geometric: from 1 on, mean >= 1. Zipf: 1 to a whole number of ranks. */
uint32_t law_poisson(double mean, struct draw_cursor *c);
double law_binomial(double trials, double probability, struct draw_cursor *c);
double law_negative_binomial(double mean, double size, struct draw_cursor *c);
double law_geometric(double mean, struct draw_cursor *c);
double law_zipf(double ranks, double exponent, struct draw_cursor *c);

/* (exp(t) - 1) / t, which is 1 at 0. */
double law_exp_quotient(double t);

/* A word this close to either end has its interval refined by 53 more bits (laws.c says why). */
#define LAW_REFINE_WORD (UINT32_C(1) << 20)

static inline bool law_refines(uint32_t word)
{
    return word - LAW_REFINE_WORD >= UINT32_MAX - 2 * LAW_REFINE_WORD;
}

/* (word + 1/2) / 2^32 by way of the bits of 2^52 + word. Exact, and it starts from nothing: the
 * conversion instruction waits for what its target register held, which clang does not prevent, so
 * that each exponential would wait for the one before. */
static inline double law_unit_of_word(uint32_t word)
{
    return (maths_of_bits(UINT64_C(0x433) << 52 | word) - (0x1p52 - 0.5)) * 0x1p-32;
}

/* Where `below` (0 to 1) of the interval of a word that refines is, in (0, 1). */
double law_unit_refined(uint32_t word, double below);

/* Uniform in (0, 1): the distance to the nearer end is precise at both ends. Sets *ret_rest to 1 -
 * u without cancellation. */
static inline double law_unit(struct draw_cursor *c, double *ret_rest)
{
    uint32_t word = draw_u32(c);
    double u;

    if (__builtin_expect(law_refines(word), 0)) {
        double below = draw_unit53(c);

        *ret_rest = ((double)(UINT32_MAX - word) + (1 - below)) * 0x1p-32;
        return law_unit_refined(word, below);
    }
    u = law_unit_of_word(word);
    *ret_rest = 1 - u; /* exact: u has 33 bits */
    return u;
}

/* The standard exponential of a word that refines. */
double law_exponential_refined(uint32_t word, double below);

/* Standard exponential. */
static inline double law_exponential(struct draw_cursor *c)
{
    uint32_t word = draw_u32(c);

    if (__builtin_expect(law_refines(word), 0))
        return law_exponential_refined(word, draw_unit53(c));
    return -maths_log_normal(law_unit_of_word(word));
}

#endif
