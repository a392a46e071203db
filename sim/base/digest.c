/* A fingerprint of a run: equal streams of facts give equal digests, on every machine.
 *
 * The digest answers one question, "did anything that happened change?", for runs of 10^9 facts; so
 * it must cost less than making the fact, depend on order, and be the same for gcc, clang, any
 * optimisation and any number of threads. Two 64 x 64 to 128 bit multiplications fold a fact of
 * four words into the state (digest.h, inline); the multiplier's high half xor low half is the
 * mixing step of wyhash (Wang Yi, public domain, 2019). The first product is chained through the
 * state, the second carries the count, so that dropping, repeating or swapping facts changes the
 * result. Words are 64-bit numbers, not bytes: the byte order of the machine plays no part. FNV or
 * CRC would need a step per byte.
 *
 * It is no protection against an adversary: zero factors can be made on purpose. Against bugs, two
 * different runs agree with probability about 2^-64.
 */
#include "base/digest.h"

void digest_init(struct digest *d)
{
    d->state = UINT64_C(0x1d8e4e27c47d124f);
    d->count = 0;
}

/* The last facts have been through few rounds, so the state is mixed twice more before it is
 * shown. */
uint64_t digest_value(const struct digest *d)
{
    uint64_t mixed = digest_mix(d->state ^ UINT64_C(0xa0761d6478bd642f),
                                d->count ^ UINT64_C(0xe7037ed1a0b428db));

    return digest_mix(mixed ^ UINT64_C(0x8ebc6af09c88c6e3),
                      d->state ^ UINT64_C(0x589965cc75374cc3));
}
