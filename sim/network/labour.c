/* Multi-server stations.
 *
 * Queueing theory's G/G/c: the caller draws service times and schedules ends; the station only
 * knows who waits and how many are busy. The gauges of a role integrate the sums over all its
 * stations, which is all that utilisation, mean queue and Little's law need.
 *
 * The queue is one list, the jobs of priority 0 first; the last job of each priority is remembered,
 * so that one more goes behind it without a walk. Nobody is interrupted. When servers go off duty
 * those who serve finish their job (overtime) and take no other. */
#include "network/labour.h"

void labour_init(struct labour *s, uint32_t servers)
{
    *s = (struct labour){.servers = servers, .first = OMO_NONE};
    for (uint32_t i = 0; i < OMO_PRIORITIES; i++)
        s->last[i] = OMO_NONE;
}

static void labour_busy(struct labour *s, const struct labour_gauges *g, int64_t now_us)
{
    if (s->busy++ == 0 && g->occupied != NULL)
        gauge_add(g->occupied, now_us, 1);
    gauge_add(g->busy, now_us, 1);
}

bool labour_join_at(struct labour *s, uint32_t job, uint32_t priority, uint32_t *link,
                    const struct labour_gauges *g, int64_t now_us)
{
    uint32_t before = OMO_NONE;

    OMO_ASSERT(priority < OMO_PRIORITIES);
    if (s->busy < s->servers) {
        OMO_ASSERT(s->queue_count == 0);
        labour_busy(s, g, now_us);
        return true;
    }
    for (uint32_t i = priority + 1; i-- > 0 && before == OMO_NONE;)
        before = s->last[i];
    link[job] = before == OMO_NONE ? s->first : link[before];
    if (before == OMO_NONE)
        s->first = job;
    else
        link[before] = job;
    s->last[priority] = job;
    s->queue_count++;
    gauge_add(g->queue, now_us, 1);
    return false;
}

static uint32_t labour_next(struct labour *s, const uint32_t *link, const struct labour_gauges *g,
                            int64_t now_us)
{
    uint32_t job = s->first;

    s->first = link[job];
    for (uint32_t i = 0; i < OMO_PRIORITIES; i++)
        if (s->last[i] == job)
            s->last[i] = OMO_NONE;
    s->queue_count--;
    gauge_add(g->queue, now_us, -1);
    return job;
}

uint32_t labour_leave(struct labour *s, const uint32_t *link, const struct labour_gauges *g,
                      int64_t now_us)
{
    OMO_ASSERT(s->busy > 0);
    if (s->queue_count != 0 && s->busy <= s->servers)
        return labour_next(s, link, g, now_us);
    if (s->busy > s->servers && g->duty != NULL)
        gauge_add(g->duty, now_us, -1);
    if (--s->busy == 0 && g->occupied != NULL)
        gauge_add(g->occupied, now_us, -1);
    gauge_add(g->busy, now_us, -1);
    return OMO_NONE;
}

void labour_shift(struct labour *s, uint32_t servers, const struct labour_gauges *g, int64_t now_us)
{
    int64_t before = core_max_i64(s->servers, s->busy), after = core_max_i64(servers, s->busy);

    s->servers = servers;
    if (g->duty != NULL)
        gauge_add(g->duty, now_us, after - before);
}

uint32_t labour_call(struct labour *s, const uint32_t *link, const struct labour_gauges *g,
                     int64_t now_us)
{
    if (s->queue_count == 0 || s->busy >= s->servers)
        return OMO_NONE;
    labour_busy(s, g, now_us);
    return labour_next(s, link, g, now_us);
}

void labour_quit(struct labour *s, uint32_t job, uint32_t *link, uint32_t *back,
                 const struct labour_gauges *g, int64_t now_us)
{
    uint32_t next = link[job];

    OMO_ASSERT(s->queue_count > 0);
    /* What stands before the first one has gone, so that its own `back` means nothing. */
    if (s->last[0] == job)
        s->last[0] = s->first == job ? OMO_NONE : back[job];
    if (s->first == job)
        s->first = next;
    else
        link[back[job]] = next;
    if (next != OMO_NONE)
        back[next] = back[job];
    s->queue_count--;
    gauge_add(g->queue, now_us, -1);
}
