/* The contract of a routing policy: a table of an order's lines by candidate places comes in,
 * quantities go out.
 *
 * Candidates are sorted by distance (ties by index). Arrays are borrowed for the call. `available`
 * is what the channel can see (ATP after buffer and sync lag), never negative. A policy may leave
 * units unassigned: the flow treats them as a shortage. It must not assign more than is wanted of a
 * line, nor more than is available (the conformance suite checks). No state changes, no randomness
 * but through q->draw_word.
 */
#ifndef OMO_POLICY_ROUTING_H
#define OMO_POLICY_ROUTING_H

#include "base/core.h"

#define ROUTING_PLACES_MAX 32
#define ROUTING_LINES_MAX 16

struct routing_query {
    uint32_t line_count;
    uint32_t place_count;
    const int32_t *quantity;          /* [line] units wanted, at least 1 */
    const int32_t *available;         /* [line * place_count + place] */
    const int64_t *distance_mm;       /* [place] */
    const int64_t *parcel_cost_cents; /* [place] cost of one more parcel or trip from there,
                                         distance included, handling per order too */
    const int64_t *line_cost_cents;   /* [place] handling cost of each line */
    const int32_t *queue;             /* [place] orders waiting for a picker there */
    uint32_t draw_word;               /* 32 random bits keyed by the order, for randomised rules */
};

struct routing_answer {
    int32_t quantity[ROUTING_LINES_MAX][ROUTING_PLACES_MAX]; /* [line][place], zero on entry */
};

struct routing_policy {
    const char *name;
    const char *help;
    void (*route)(const void *state, const struct routing_query *q,
                  struct routing_answer *ret_answer);
};

static inline int32_t routing_available(const struct routing_query *q, uint32_t line,
                                        uint32_t place)
{
    return q->available[line * q->place_count + place];
}

static inline void routing_assign(struct routing_answer *a, uint32_t line, uint32_t place,
                                  int32_t quantity)
{
    a->quantity[line][place] += quantity;
}

/* The closest place that has all of a line, or OMO_NONE. */
static inline uint32_t routing_nearest_whole(const struct routing_query *q, uint32_t line)
{
    for (uint32_t place = 0; place < q->place_count; place++)
        if (routing_available(q, line, place) >= q->quantity[line])
            return place;
    return OMO_NONE;
}

/* Gathers an unassigned line from the closest places that have some, until it is complete or nobody
 * has more. */
static inline void routing_gather(const struct routing_query *q, uint32_t line,
                                  struct routing_answer *a)
{
    int32_t wanted = q->quantity[line];

    for (uint32_t place = 0; place < q->place_count && wanted > 0; place++) {
        int32_t quantity = core_min_i32(wanted, routing_available(q, line, place));

        routing_assign(a, line, place, quantity);
        wanted -= quantity;
    }
}

extern const struct routing_policy *const routing_registry[];
extern const uint32_t routing_registry_count;
/* Returns the policy of that name, or NULL. */
const struct routing_policy *routing_find(const char *name);

#endif
