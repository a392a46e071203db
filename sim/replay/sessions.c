/* The session table: chained hashing over an array, and a list by last use of what nobody holds.
 *
 * A token outlives the journey it was fetched for by as long as the API map says, so what is thrown
 * away is the session that was not used for the longest time: its member is the least likely to come
 * back before it ends. The price of being wrong is one more log-in, and it is counted.
 */
#include "replay/sessions.h"

#include <string.h>

static uint32_t hash(uint64_t member)
{
    member ^= member >> 33;
    member *= UINT64_C(0xff51afd7ed558ccd);
    member ^= member >> 33;
    return (uint32_t)(member ^ member >> 32);
}

static size_t bucket_size(const struct sessions *sessions)
{
    return ((size_t)sessions->bucket_mask + 1) * sizeof *sessions->bucket;
}

/* Buckets hold index + 1, so that fresh pages mean "empty". */
bool sessions_init(struct sessions *sessions, uint32_t capacity, struct values *values)
{
    uint32_t buckets = 64;

    while (buckets < capacity)
        buckets *= 2;
    *sessions = (struct sessions){.capacity = capacity,
                                  .bucket_mask = buckets - 1,
                                  .oldest = SESSION_NONE,
                                  .newest = SESSION_NONE,
                                  .values = values};
    sessions->session = values_reserve((size_t)capacity * sizeof *sessions->session);
    sessions->bucket = values_reserve(bucket_size(sessions));
    return sessions->session != NULL && sessions->bucket != NULL;
}

void sessions_clear(struct sessions *sessions)
{
    values_release(sessions->session, (size_t)sessions->capacity * sizeof *sessions->session);
    values_release(sessions->bucket, bucket_size(sessions));
    sessions->session = NULL;
    sessions->bucket = NULL;
}

static void unlist(struct sessions *sessions, uint32_t index)
{
    const struct session *s = &sessions->session[index];

    if (s->older != SESSION_NONE)
        sessions->session[s->older].newer = s->newer;
    else
        sessions->oldest = s->newer;
    if (s->newer != SESSION_NONE)
        sessions->session[s->newer].older = s->older;
    else
        sessions->newest = s->older;
}

static void unchain(struct sessions *sessions, uint32_t index)
{
    const struct session *s = &sessions->session[index];
    uint32_t *at = &sessions->bucket[hash(s->member) & sessions->bucket_mask];

    while (*at != index + 1)
        at = &sessions->session[*at - 1].chain;
    *at = s->chain;
}

/* A slot that holds no session: a fresh one, or that of the least recently used. */
static uint32_t take_slot(struct sessions *sessions, int64_t now_ns)
{
    if (sessions->used < sessions->capacity)
        return sessions->used++;
    const uint32_t index = sessions->oldest;
    g_assert(index != SESSION_NONE); /* there are more sessions than journeys */
    struct session *s = &sessions->session[index];
    if (s->state == SESSION_OPEN && now_ns < s->valid_until_ns)
        sessions->lost++;
    unlist(sessions, index);
    unchain(sessions, index);
    values_drop(sessions->values, s->values);
    return index;
}

uint32_t sessions_hold(struct sessions *sessions, uint64_t member, int64_t now_ns)
{
    uint32_t *bucket = &sessions->bucket[hash(member) & sessions->bucket_mask];

    for (uint32_t link = *bucket; link != 0; link = sessions->session[link - 1].chain) {
        struct session *s = &sessions->session[link - 1];
        if (s->member != member)
            continue;
        if (s->holders++ == 0)
            unlist(sessions, link - 1);
        return link - 1;
    }
    const uint32_t index = take_slot(sessions, now_ns);
    sessions->session[index] = (struct session){.member = member,
                                                .values = VALUES_NONE,
                                                .chain = *bucket,
                                                .first_waiting = UINT32_MAX,
                                                .last_waiting = UINT32_MAX,
                                                .holders = 1,
                                                .state = SESSION_CLOSED};
    *bucket = index + 1;
    return index;
}

void sessions_release(struct sessions *sessions, uint32_t index)
{
    struct session *s = &sessions->session[index];

    g_assert(s->holders > 0);
    if (--s->holders > 0)
        return;
    s->older = sessions->newest;
    s->newer = SESSION_NONE;
    if (sessions->newest != SESSION_NONE)
        sessions->session[sessions->newest].newer = index;
    else
        sessions->oldest = index;
    sessions->newest = index;
}

uint64_t sessions_memory(const struct sessions *sessions)
{
    return (uint64_t)sessions->used * sizeof *sessions->session;
}
