/* A Feistel network of six rounds over the smallest even number of bits that holds all numbers, walked
 * along its cycle until it is back among them (Black & Rogaway, "Ciphers with arbitrary finite
 * domains", CT-RSA 2002). Each walk is four steps at most on average, since the network's domain is
 * at most four times the count. The rounds mix key, round and half by SplitMix64's finaliser: that
 * is to hide numbers in logs from readers, not secrets from an attacker with a budget. */
#include "base/pseudonym.h"

#include "base/draws.h"

#define PSEUDONYM_ROUNDS 6

static uint64_t pseudonym_pass(uint64_t key, uint64_t number, uint32_t half)
{
    uint64_t mask = (UINT64_C(1) << half) - 1;
    uint64_t left = number >> half, right = number & mask;

    for (uint64_t round = 0; round < PSEUDONYM_ROUNDS; round++) {
        uint64_t next = left ^ (draw_mix(key ^ draw_mix(right << 8 | round)) & mask);
        left = right;
        right = next;
    }
    return left << half | right;
}

uint32_t pseudonym_of(uint64_t key, uint32_t number, uint32_t count)
{
    uint32_t half = 1;
    uint64_t at = number;

    OMO_ASSERT(number < count);
    while (UINT64_C(1) << 2 * half < count)
        half++;
    do
        at = pseudonym_pass(key, at, half);
    while (at >= count);
    return (uint32_t)at;
}
