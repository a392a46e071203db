/* One request on its way: what the worker, the pool of connections and the protocols share of it.
 *
 * An exchange lives inside the worker's journey; the pool and the protocols only link it into their
 * lists. Between pool_request() and its end (events->reply or events->fail, exactly one of them,
 * or pool_cancel()) it must stay where it is. One thread.
 */
#ifndef REPLAY_EXCHANGE_H
#define REPLAY_EXCHANGE_H

#include "replay/outcome.h"
#include "traffic/api.h"

struct link;

struct exchange {
    struct link *link;     /* NULL while it waits for a connection */
    struct exchange *next; /* in the list that holds it: waiting, or in flight on the link */
    struct exchange *previous;
    int64_t sent_ns; /* clock_ns() just before its bytes went to the kernel; 0 = not yet */
    uint32_t stream; /* HTTP/2; the pool's while it waits */
    uint16_t target; /* index of the target */
    bool head_only;  /* set from the message when it is sent */
    bool idempotent;
    bool wants_body; /* set before pool_request() */
    uint8_t resent;  /* how often it was sent again: a kept connection was closed, or refused it */
    uint8_t unsure;  /* of these, before how many the service may have looked at it */
    char *body;      /* protocol's: the answer's body so far, when it comes in pieces */
    uint32_t body_size, body_capacity;
};

#define EXCHANGE_WANTED_MAX (API_WANTED_MAX + 1) /* the map's, and one of the owner's */

/* A whole answer. Texts are borrowed until the callback returns. */
struct reply {
    struct api_reply api; /* status, body when wanted, wanted headers */
    uint64_t body_bytes;  /* on the wire, whether kept or not */
    uint64_t head_bytes;
    bool gzip; /* Content-Encoding: gzip; a wanted body has been unpacked already */
};

/* What the pool asks of and tells its owner. */
struct exchange_events {
    void *user;
    /* Fills in the message of an exchange that is about to be sent; its texts must hold until the
     * next call. FALSE = not to be sent (a value is missing): the owner has dealt with the
     * exchange, the pool forgets it. */
    bool (*render)(void *user, struct exchange *exchange, struct api_message *ret_message);
    void (*reply)(void *user, struct exchange *exchange, const struct reply *reply);
    void (*fail)(void *user, struct exchange *exchange, enum outcome outcome);
    /* Wanted response headers: count and lower-case names (api_wanted_name()). */
    const ApiMap *map;
    const char *also_wanted; /* one more, behind them; NULL = none */
};

#endif
