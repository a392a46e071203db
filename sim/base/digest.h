/* 64-bit digest of a stream of 32-byte facts, order-dependent, the same on every machine.
 *
 * Each fact enters as four words through multiply-xor mixing (after wyhash's public-domain
 * construction); not cryptographic. Cost: under 4 ns a fact. */
#ifndef OMO_BASE_DIGEST_H
#define OMO_BASE_DIGEST_H

#include "base/core.h"

struct digest {
    uint64_t state;
    uint64_t count;
};

void digest_init(struct digest *d);
uint64_t digest_value(const struct digest *d);

static inline uint64_t digest_mix(uint64_t a, uint64_t b)
{
    core_uint128 product = (core_uint128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline void digest_add(struct digest *d, const uint64_t word[4])
{
    d->state = digest_mix(d->state ^ word[0] ^ UINT64_C(0xa0761d6478bd642f),
                          word[1] ^ UINT64_C(0xe7037ed1a0b428db)) ^
               digest_mix(word[2] ^ UINT64_C(0x8ebc6af09c88c6e3),
                          word[3] ^ d->count ^ UINT64_C(0x589965cc75374cc3));
    d->count++;
}

#endif
