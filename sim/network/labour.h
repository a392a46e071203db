/* Stations: c servers and a queue at a place, for a role; first come, first served within a
 * priority. O(1) an event; queues are links through job ids.
 *
 * A job is an index that its owner gives meaning to (an order's slot at tills, a part at
 * pickers). `link` is a column over jobs, borrowed.
 */
#ifndef OMO_NETWORK_LABOUR_H
#define OMO_NETWORK_LABOUR_H

#include <omosim/model.h>

#include "base/gauge.h"

struct labour {
    uint32_t servers; /* on duty; OMO_UNLIMITED = never a queue */
    uint32_t busy;    /* above `servers` while some finish after their shift */
    uint32_t queue_count;
    uint32_t first;                /* OMO_NONE when the queue is empty */
    uint32_t last[OMO_PRIORITIES]; /* of those waiting with a priority, or OMO_NONE */
};

struct labour_gauges { /* over all stations of a role; the last two may be NULL */
    struct gauge *queue, *busy;
    struct gauge *occupied;
    struct gauge *duty; /* servers there: on duty, or finishing after their shift */
};

struct gate { /* jobs that wait for a wave, linked like a queue */
    uint32_t first, last;
    uint32_t count;
};

void labour_init(struct labour *s, uint32_t servers);
/* A job arrives. Returns true when a server takes it at once; else it waits, before those of a
 * higher number of priority. */
bool labour_join_at(struct labour *s, uint32_t job, uint32_t priority, uint32_t *link,
                    const struct labour_gauges *g, int64_t now_us);
static inline bool labour_join(struct labour *s, uint32_t job, uint32_t *link,
                               const struct labour_gauges *g, int64_t now_us)
{
    return labour_join_at(s, job, 0, link, g, now_us);
}
/* A server becomes free. Returns the waiting job that it takes, or OMO_NONE. */
uint32_t labour_leave(struct labour *s, const uint32_t *link, const struct labour_gauges *g,
                      int64_t now_us);
/* So many servers are on duty from now on. */
void labour_shift(struct labour *s, uint32_t servers, const struct labour_gauges *g,
                  int64_t now_us);
/* A server that has come on duty is free. Returns the waiting job that it takes, or OMO_NONE. */
uint32_t labour_call(struct labour *s, const uint32_t *link, const struct labour_gauges *g,
                     int64_t now_us);

/* A waiting job leaves the queue, all of which has priority 0. `back` is a column over jobs like
 * `link`: the job that was last when it joined, which the owner of the jobs notes; the station keeps
 * it right from then on. */
void labour_quit(struct labour *s, uint32_t job, uint32_t *link, uint32_t *back,
                 const struct labour_gauges *g, int64_t now_us);

#endif
