/* Open addressing with linear probing, at most half full.
 *
 * A member's first slot is a mixed hash of the number, so that neighbours, who often visit on one
 * day, don't crowd. Nobody is ever taken out: a member who left must be remembered for that. A
 * lookup touches one cache line but for collisions (1.5 lines on average at half full), whatever
 * the population; 10^8 members of whom a million did something take 128 MB at most. */
#include "network/members.h"

#include "base/draws.h"

static uint32_t members_slot(const struct members *m, uint32_t member)
{
    return (uint32_t)draw_mix(member + UINT64_C(1)) & (m->capacity - 1);
}

#define MEMBERS_AHEAD 16

void members_prefetch(const struct members *m, uint32_t member)
{
    if (m->capacity != 0)
        __builtin_prefetch(&m->item[members_slot(m, member)], 1);
}

struct member *members_find(const struct members *m, uint32_t member)
{
    if (m->count == 0)
        return NULL;
    for (uint32_t i = members_slot(m, member);; i = (i + 1) & (m->capacity - 1)) {
        if (m->item[i].key == member + 1)
            return &m->item[i];
        if (m->item[i].key == 0)
            return NULL;
    }
}

struct member *members_take(struct members *m, uint32_t member)
{
    OMO_ASSERT(m->capacity != 0);
    uint32_t i = members_slot(m, member);

    while (m->item[i].key != 0 && m->item[i].key != member + 1)
        i = (i + 1) & (m->capacity - 1);
    if (m->item[i].key == 0) {
        OMO_ASSERT(m->count < m->capacity / 2);
        m->item[i].key = member + 1;
        m->count++;
    }
    return &m->item[i];
}

void members_refill(struct members *m, const struct member *from, uint32_t slots)
{
    m->count = 0;
    for (uint32_t i = 0; i < slots; i++) {
        /* A slot is seldom in the cache; ahead of its turn it is fetched while others are filled. */
        if (i + MEMBERS_AHEAD < slots && from[i + MEMBERS_AHEAD].key != 0)
            members_prefetch(m, from[i + MEMBERS_AHEAD].key - 1);
        if (from[i].key != 0)
            *members_take(m, from[i].key - 1) = from[i];
    }
}
