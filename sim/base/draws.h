/* Keyed random numbers: draw(seed, purpose, entity, index), nothing kept.
 *
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) from
 * Random123. The key is the mixed (seed, replication); the counter is (block, purpose << 24 |
 * index, entity low, entity high). A cursor on the stack uses up the four words of a block and goes
 * on with the next block of the same key: it is still keyed. Entities are identities, never slot
 * numbers, so two policies meet the same customers.
 */
#ifndef OMO_BASE_DRAWS_H
#define OMO_BASE_DRAWS_H

/* Without Random123's vector types, which would bring in allocating system headers after the poison
 * list. */
#ifndef R123_USE_SSE
#define R123_USE_SSE 0
#endif
#include <Random123/philox.h>

#include "base/core.h"

enum draw_purpose {
#define DRAW(name, text) DRAW_##name,
#include "base/draws.def"
#undef DRAW
    DRAW_PURPOSE_COUNT
};

struct draw_key {
    uint32_t word[2];
};

struct draw_cursor {
    philox4x32_ctr_t counter;
    philox4x32_key_t key;
    uint32_t word[4];
    uint32_t used;
};

/* SplitMix64's finaliser: a bijection of 64 bits that leaves nothing of the order of its arguments. */
static inline uint64_t draw_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Mixes seed and replication (SplitMix64 finaliser twice; never added) into a key. */
struct draw_key draw_key_make(uint64_t seed, uint64_t replication);

/* Opens the stream of (purpose, entity, index). index is below 2^24. */
static inline void draw_begin(struct draw_cursor *c, struct draw_key key, enum draw_purpose purpose,
                              uint64_t entity, uint32_t index)
{
    c->counter.v[0] = 0;
    c->counter.v[1] = (uint32_t)purpose << 24 | index;
    c->counter.v[2] = (uint32_t)entity;
    c->counter.v[3] = (uint32_t)(entity >> 32);
    c->key.v[0] = key.word[0];
    c->key.v[1] = key.word[1];
    c->used = 4;
}

static inline void draw_block(struct draw_cursor *c)
{
    philox4x32_ctr_t r = philox4x32(c->counter, c->key);
    c->word[0] = r.v[0];
    c->word[1] = r.v[1];
    c->word[2] = r.v[2];
    c->word[3] = r.v[3];
    c->counter.v[0]++;
    c->used = 0;
}

static inline uint32_t draw_u32(struct draw_cursor *c)
{
    if (c->used == 4)
        draw_block(c);
    return c->word[c->used++];
}

static inline uint64_t draw_u64(struct draw_cursor *c)
{
    uint64_t high = draw_u32(c);
    return high << 32 | draw_u32(c);
}

/* Goes to the word number `words` of a stream that was just opened. */
static inline void draw_skip(struct draw_cursor *c, uint32_t words)
{
    OMO_ASSERT(c->counter.v[0] == 0);
    c->counter.v[0] = words / 4;
    if (words % 4 == 0)
        return;
    draw_block(c);
    c->used = words % 4;
}

/* Uniform in the open interval (0, 1): 32 bits, centred, never 0 or 1. */
static inline double draw_unit(struct draw_cursor *c)
{
    return ((double)draw_u32(c) + 0.5) * 0x1p-32;
}

/* Uniform in (0, 1) with 53 bits, for tails and for positions: 52 drawn and the centring half. One
 * more would round to 1. */
static inline double draw_unit53_of(uint64_t word)
{
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

static inline double draw_unit53(struct draw_cursor *c) { return draw_unit53_of(draw_u64(c)); }

/* Uniform whole number below n (n >= 1), by multiply-shift; the bias is below n / 2^32. */
static inline uint32_t draw_below(struct draw_cursor *c, uint32_t n)
{
    return (uint32_t)(((uint64_t)draw_u32(c) * n) >> 32);
}

/* True with probability share_ppm / 10^6. */
static inline bool draw_share(struct draw_cursor *c, uint32_t share_ppm)
{
    return ((uint64_t)draw_u32(c) * OMO_PPM) >> 32 < share_ppm;
}

#endif
