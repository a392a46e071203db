/* Stations: c servers and a first-come first-served queue, at a place, for a role. O(1) an
 * event; queues are links through job ids.
 *
 * A job is an index that its owner gives meaning to (an order's slot at tills, a part at
 * pickers). `link` is a column over jobs, borrowed.
 */
#ifndef OMO_NETWORK_LABOUR_H
#define OMO_NETWORK_LABOUR_H

#include "base/gauge.h"

struct labour {
    uint32_t servers; /* OMO_UNLIMITED = never a queue */
    uint32_t busy;
    uint32_t queue_count;
    uint32_t first, last; /* OMO_NONE when the queue is empty */
};

struct labour_gauges {                     /* over all stations of a role */
    struct gauge *queue, *busy, *occupied; /* occupied may be NULL */
};

void labour_init(struct labour *s, uint32_t servers);
/* A job arrives. Returns true when a server takes it at once; else it waits. */
bool labour_join(struct labour *s, uint32_t job, uint32_t *link, const struct labour_gauges *g,
                 int64_t now_us);
/* A server becomes free. Returns the waiting job that it takes, or OMO_NONE. */
uint32_t labour_leave(struct labour *s, const uint32_t *link, const struct labour_gauges *g,
                      int64_t now_us);

/* A waiting job leaves the queue. `back` is a column over jobs like `link`: the job that was last
 * when it joined, which the owner of the jobs notes; the station keeps it right from then on. */
void labour_quit(struct labour *s, uint32_t job, uint32_t *link, uint32_t *back,
                 const struct labour_gauges *g, int64_t now_us);

#endif
