/* Multi-server FIFO stations.
 *
 * Queueing theory's G/G/c: the caller draws service times and schedules ends; the station only
 * knows who waits and how many are busy. The gauges of a role integrate the sums over all its
 * stations, which is all that utilisation, mean queue and Little's law need. */
#include "network/labour.h"

void labour_init(struct labour *s, uint32_t servers)
{
    *s = (struct labour){.servers = servers, .first = OMO_NONE, .last = OMO_NONE};
}

bool labour_join(struct labour *s, uint32_t job, uint32_t *link, const struct labour_gauges *g,
                 int64_t now_us)
{
    if (s->busy < s->servers) {
        OMO_ASSERT(s->queue_count == 0);
        if (s->busy++ == 0 && g->occupied != NULL)
            gauge_add(g->occupied, now_us, 1);
        gauge_add(g->busy, now_us, 1);
        return true;
    }
    link[job] = OMO_NONE;
    if (s->last != OMO_NONE)
        link[s->last] = job;
    else
        s->first = job;
    s->last = job;
    s->queue_count++;
    gauge_add(g->queue, now_us, 1);
    return false;
}

uint32_t labour_leave(struct labour *s, const uint32_t *link, const struct labour_gauges *g,
                      int64_t now_us)
{
    OMO_ASSERT(s->busy > 0);
    if (s->queue_count == 0) {
        if (--s->busy == 0 && g->occupied != NULL)
            gauge_add(g->occupied, now_us, -1);
        gauge_add(g->busy, now_us, -1);
        return OMO_NONE;
    }
    uint32_t job = s->first;
    s->first = link[job];
    if (s->first == OMO_NONE)
        s->last = OMO_NONE;
    s->queue_count--;
    gauge_add(g->queue, now_us, -1);
    return job;
}

void labour_quit(struct labour *s, uint32_t job, uint32_t *link, uint32_t *back,
                 const struct labour_gauges *g, int64_t now_us)
{
    uint32_t next = link[job];

    OMO_ASSERT(s->queue_count > 0);
    /* What stands before the first one has gone, so that its own `back` means nothing. */
    if (s->last == job)
        s->last = s->first == job ? OMO_NONE : back[job];
    if (s->first == job)
        s->first = next;
    else
        link[back[job]] = next;
    if (next != OMO_NONE)
        back[next] = back[job];
    s->queue_count--;
    gauge_add(g->queue, now_us, -1);
}
