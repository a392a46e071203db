/* A journey in flight, and lists of them. Private to the worker.
 *
 * A journey is always in exactly one place: in the heap of what is due later, in the list of what
 * goes on now, waiting for its member's log-in, or with the pool (unsent or sent), where it stands
 * in the list of its time-out. So one pair of links serves all lists.
 */
#ifndef REPLAY_JOURNEY_H
#define REPLAY_JOURNEY_H

#include "replay/due.h"
#include "replay/exchange.h"
#include "replay/sessions.h"

#include <assert.h>

#define JOURNEY_NONE UINT32_MAX

enum journey_state {
    JOURNEY_FREE,
    JOURNEY_DUE,     /* its next request is due later: in the heap */
    JOURNEY_READY,   /* goes on in this turn of the loop */
    JOURNEY_SESSION, /* another journey of its member is logging in */
    JOURNEY_WAITING, /* the pool has no connection for it yet */
    JOURNEY_SENT
};

/* A request of a journey, over all tries. Packed, for the two of a journey are a tenth of it. */
struct __attribute__((packed, aligned(4))) journey_request {
    int64_t intended_ns; /* since the run began, as all times here */
    uint64_t number;     /* in this run */
    uint16_t index;      /* in the API map */
    uint8_t tries;
    bool due : 1;           /* counted as due, and without an outcome yet */
    bool renewed : 1;       /* it was sent again after the session had been renewed */
    uint8_t done_tries : 4; /* tries and resent of its row: results/record.h */
    uint8_t resent : 2;
};

struct journey {
    struct exchange exchange; /* first: the pool's events lead back to the journey */
    const omo_plan_journey *plan;
    const omo_plan_step *step; /* the one under way */
    int64_t start_ns;          /* its intended start */
    struct journey_request own, log_in;
    int64_t sendable_ns; /* since when nothing but this program keeps the request from going out */
    int64_t timer_ns;    /* since when its time-out runs */
    uint64_t number;     /* in the run, over all workers and passes */
    uint32_t pass;
    uint32_t session; /* SESSION_NONE = none */
    uint32_t values;  /* captured ones */
    uint32_t next, previous;
    uint16_t steps_left;    /* the one under way counted */
    uint16_t requests_left; /* of that step, behind the one under way */
    uint16_t epoch;         /* of the session that the request under way was sent with */
    uint8_t state;
    uint8_t log_ins_left; /* log-in requests to go, the one under way counted; 0 = not logging in */
    bool opens;           /* the step under way is the log-in that opens the session */
    bool without_session; /* its log-in failed, and the map says to go on */
};
static_assert(sizeof(struct journey) + sizeof(struct due_entry) <= 200,
              "a million journeys in flight are 200 MB");

struct journey_list {
    uint32_t first, last;
};

static inline void journey_list_add(struct journey_list *list, struct journey *journeys,
                                    uint32_t index)
{
    struct journey *j = &journeys[index];

    j->next = JOURNEY_NONE;
    j->previous = list->last;
    if (list->last != JOURNEY_NONE)
        journeys[list->last].next = index;
    else
        list->first = index;
    list->last = index;
}

static inline void journey_list_remove(struct journey_list *list, struct journey *journeys,
                                       uint32_t index)
{
    const struct journey *j = &journeys[index];

    if (j->previous != JOURNEY_NONE)
        journeys[j->previous].next = j->next;
    else
        list->first = j->next;
    if (j->next != JOURNEY_NONE)
        journeys[j->next].previous = j->previous;
    else
        list->last = j->previous;
}

#endif
