/* The key of a replication: seed and replication mixed through SplitMix64's finaliser.
 *
 * Philox turns (key, counter) into four words that pass every published battery even for
 * neighbouring keys and counters, so the counter may be built by plain packing (draws.h). The key
 * needs more care for another reason: users number seeds and replications 1, 2, 3. Were the key
 * seed + replication, run 1 of seed 2 would be run 2 of seed 1, and two "independent" experiments
 * would share customers. So the seed goes through a bijection of 64 bits, the replication is
 * combined with the result by exclusive or, and the bijection is applied once more: for one seed
 * all 2^64 replications get different keys, and pairs of different seeds meet only by chance (2^-64
 * a pair).
 *
 * The finaliser is Stafford's Mix13 as used in SplitMix64 (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014); the odd constant is 2^64 divided by the golden
 * ratio, so that seed 0 is not a fixed point.
 */
#include "base/draws.h"

#define DRAWS_GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static_assert(DRAW_PURPOSE_COUNT <= 256, "a purpose has the top byte of the second counter word");

struct draw_key draw_key_make(uint64_t seed, uint64_t replication)
{
    uint64_t mixed = draw_mix((draw_mix(seed + DRAWS_GOLDEN) ^ replication) + DRAWS_GOLDEN);

    return (struct draw_key){.word = {(uint32_t)mixed, (uint32_t)(mixed >> 32)}};
}
