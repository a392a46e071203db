/* A level integrated over time: stock on hand, customers queueing, tills busy. O(1) a change, exact
 * integers. */
#ifndef OMO_BASE_GAUGE_H
#define OMO_BASE_GAUGE_H

#include "base/core.h"

struct gauge {
    int64_t level;
    int64_t since_us; /* the area is complete up to here */
    core_int128 area; /* level x us since the measures were reset */
};

/* Completes the area up to now_us; time never runs backwards. */
static inline void gauge_touch(struct gauge *g, int64_t now_us)
{
    g->area += (core_int128)g->level * (now_us - g->since_us);
    g->since_us = now_us;
}

static inline void gauge_add(struct gauge *g, int64_t now_us, int64_t change)
{
    gauge_touch(g, now_us);
    g->level += change;
}

#endif
