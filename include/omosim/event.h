/* Events as a reader sees them: one record for each event that the loop is about to handle.
 *
 * Made for tracing and debugging, of a world (world.h) or of any other user of the event loop: the
 * record names what happens and numbers what it is about, and knows nothing of what the reader does
 * with it. Facts (fact.h) say what an event led to; records say what made it happen, and when.
 */
#ifndef OMOSIM_EVENT_H
#define OMOSIM_EVENT_H

#include <omosim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a record's subject_id counts. */
typedef enum omo_subject {
    OMO_SUBJECT_NONE,       /* the run as a whole; or the event is stale and nobody knows */
    OMO_SUBJECT_ORDER,      /* identity of the order, as in facts */
    OMO_SUBJECT_SHIPMENT,   /* slot (low half) and how often it was used before (high half) */
    OMO_SUBJECT_PLACE,      /* index */
    OMO_SUBJECT_PLACE_KIND, /* enum omo_place_kind */
    OMO_SUBJECT_CUSTOMER /* identity of a customer of a queueing network: source << 40 | ordinal */
} omo_subject;

typedef struct omo_event_record {
    int64_t at_us;
    uint64_t number;  /* counts handled events from 1: omo_world_event_count() once it is handled */
    const char *kind; /* "PICK_DONE"; static storage, as are the next two */
    const char *help; /* one sentence */
    const char *phase; /* "WORK": kinds of one phase come together within an instant */
    uint64_t subject_id;
    omo_subject subject;
    uint32_t place;   /* index, or UINT32_MAX */
    uint32_t station; /* index, or UINT32_MAX; of a chain: place x OMO_ROLE_COUNT + role */
    uint32_t pending; /* events that are scheduled besides this one */
    bool stale;       /* what it was about has moved on: it will be dropped, not handled */
} omo_event_record;

/* Called before each event is handled; `record` is borrowed for the call. The simulated state is
 * that before the event and may be looked at. False stops the run there: the call that runs it
 * returns OMO_ECANCELLED, nothing has changed, and the next such call offers the event again. */
typedef bool (*omo_event_reader)(void *user, const omo_event_record *record);

/* What happens at a station. */
typedef struct omo_station_level {
    uint32_t servers; /* OMO_UNLIMITED = never a queue */
    uint32_t busy;
    uint32_t queue;
} omo_station_level;

#define OMO_CUSTOMER_ORDINAL_BITS 40

/* What befalls a customer of a queueing network while an event is handled. */
typedef enum omo_step_kind {
    OMO_STEP_STARTED,     /* a service begins, or is gone on with */
    OMO_STEP_INTERRUPTED, /* the service is broken off; the customer waits again */
    OMO_STEP_DONE,        /* the service has ended, or the last of the branches is back */
    OMO_STEP_RENEGED,     /* patience has ended */
    OMO_STEP_REFUSED,     /* turned away or balked */
    OMO_STEP_ENDED,       /* has left the network */
    /* Of customers under way (omo_kernel_list_customers) */
    OMO_STEP_WAITS,
    OMO_STEP_SERVED,
    OMO_STEP_BLOCKED, /* served, and waits at its server for room ahead */
    OMO_STEP_SPLIT    /* waits for its branches */
} omo_step_kind;

typedef struct omo_step {
    int64_t at_us;
    uint64_t customer;  /* identity; of a branch that of the customer who was split */
    uint64_t job;       /* of a branch one of its own, else `customer` */
    int64_t arrived_us; /* in the network, or when it was split off */
    int64_t joined_us;  /* the station; REFUSED and ENDED: some earlier one */
    uint32_t station;   /* index; UINT32_MAX: ended before it came to one */
    omo_step_kind kind;
    bool leads; /* STARTED: takes a server; false for the others of a batch */
} omo_step;

/* `step` is borrowed for the call; the state is in the middle of an event and not to be asked. */
typedef void (*omo_step_reader)(void *user, const omo_step *step);

#ifdef __cplusplus
}
#endif
#endif
