/* The view: what a channel believes about stock, as old as the integration dial says.
 *
 * Real time: the stock itself. Delayed: every change of a position's free stock enters a ring
 * and becomes visible one lag later. Periodic: a snapshot taken at each sync, nightly ones too. Only merged
 * inventory can be stale; a ring-fenced online share is counted where it is sold. Columns are
 * borrowed; flow/memory.c sizes the ring.
 */
#ifndef OMO_NETWORK_VIEW_H
#define OMO_NETWORK_VIEW_H

#include "network/stock.h"

enum view_kind { VIEW_REAL_TIME, VIEW_DELAYED, VIEW_PERIODIC };

struct view_change {
    int64_t at_us;
    uint32_t position;
    int32_t units;
};

struct view {
    enum view_kind kind;
    int64_t lag_us;
    int32_t *published;       /* [position]; NULL in real time */
    struct view_change *ring; /* [capacity]; only `wrap` of it is in use */
    uint32_t capacity;        /* power of two */
    uint32_t wrap;            /* power of two */
    uint64_t head, tail;      /* changes taken, changes entered */
};

/* Everything published as it is now: at the beginning and at a periodic sync. */
void view_refresh(struct view *v, const struct stock *s);
/* A position's free stock changed. */
void view_note(struct view *v, const struct stock *s, size_t position);
/* Makes visible what is due. Call before reading. */
void view_advance(struct view *v, int64_t now_us);
/* Units that an online channel may promise from a position and pool: as published less its
 * buffer, never negative. */
static inline int32_t view_units(const struct view *v, const struct stock *s, size_t position,
                                 enum stock_pool pool, int32_t buffer)
{
    int32_t units =
        v->published != NULL ? v->published[position] : stock_pool_units(s, position, pool);
    return core_max_i32(0, units - buffer);
}

#endif
