/* Sync: how old what one side knows of the other is.
 *
 * A chain has two sides, its stores and its online channels, and data of five kinds goes from one
 * to the other (include/omosim/model.h, omo_data). For data whose state at a time can be worked out
 * (prices, promotions, claims) all that is needed is which time is seen now. Stock has a state that
 * is kept: view.h, refreshed at the same times.
 */
#ifndef OMO_NETWORK_SYNC_H
#define OMO_NETWORK_SYNC_H

#include <omosim/model.h>

#include "base/core.h"

enum sync_kind {
    SYNC_NEVER,   /* siloed */
    SYNC_AT_ONCE, /* real time */
    SYNC_EVENT,   /* each change arrives lag_us later */
    SYNC_PERIODIC /* all changes so far arrive at every_us x 0, 1, 2 ..., moved by at_us */
};

struct sync {
    enum sync_kind kind;
    int64_t lag_us; /* event: age; periodic: time between refreshes */
    int64_t at_us;  /* periodic: first refresh after the one at the beginning; below lag_us */
};

#define SYNC_NOTHING (-1) /* nothing of the other side was ever seen */

/* The time whose state is seen at now_us: both sides agree at the beginning. */
static inline int64_t sync_seen_us(const struct sync *s, int64_t now_us)
{
    switch (s->kind) {
    case SYNC_NEVER:
        return SYNC_NOTHING;
    case SYNC_AT_ONCE:
        return now_us;
    case SYNC_EVENT:
        return core_max_i64(0, now_us - s->lag_us);
    case SYNC_PERIODIC:
        break;
    }
    return now_us < s->at_us ? 0 : now_us - (now_us - s->at_us) % s->lag_us;
}

/* Next refresh after now_us. Periodic only. */
static inline int64_t sync_next_us(const struct sync *s, int64_t now_us)
{
    return now_us < s->at_us ? s->at_us : now_us - (now_us - s->at_us) % s->lag_us + s->lag_us;
}

/* When something that happened at at_us becomes known on the other side; INT64_MAX: never. */
static inline int64_t sync_known_us(const struct sync *s, int64_t at_us)
{
    switch (s->kind) {
    case SYNC_NEVER:
        return INT64_MAX;
    case SYNC_AT_ONCE:
        return at_us;
    case SYNC_EVENT:
        return at_us + s->lag_us;
    case SYNC_PERIODIC:
        break;
    }
    return at_us == 0 ? 0 : sync_next_us(s, at_us - 1);
}

#endif
