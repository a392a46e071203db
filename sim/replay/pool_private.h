/* Inside the pool: what pool.c, link.c and the protocols share. One thread.
 *
 * Events are told from three places only: an answer or a failure read from a socket (link_reply(),
 * link_fail(), link_lost()), a connection that has been closed (link.c), and pool_request() and
 * pool_close() themselves. pool_cancel() tells nothing: what follows from it comes with the loop.
 */
#ifndef REPLAY_POOL_PRIVATE_H
#define REPLAY_POOL_PRIVATE_H

#include "replay/pool.h"

#include <zlib.h>

#define POOL_READ_SIZE 65536
#define POOL_SEND_SIZE 16384 /* at first; grows with what is sent */

struct link_list {
    struct link *first;
    uint32_t count;
};

/* A target as one pool sees it. */
struct pool_side {
    struct pool *pool;
    const struct target *target;
    struct link_list opening, ready, full; /* ready: have room, the one used last first */
    struct exchange *waiting_first, *waiting_last;
    uint32_t waiting_count;
    uint32_t next_address;
    uint32_t dead_addresses; /* bit i: address i was the last time, and another one is left */
    uint32_t epoch;          /* of connect errors: what waited through one fails */
    uint64_t rest_ms;        /* how long it rests after the next connect error */
    uint64_t rest_until;     /* loop time; 0 = it doesn't */
    uint64_t idle_ms;        /* of new links, as the last answer that said so */
    char *fixed;             /* header lines that each HTTP/1.1 request has: */
    uint32_t host_size, agent_size, encoding_size, authorization_size; /* in this order */
};

struct pool {
    uv_loop_t *loop;
    struct pool_options options;
    const struct exchange_events *events;
    struct pool_counts counts;
    struct pool_side *side;
    uint32_t side_count;
    uint32_t handle_count; /* of the loop, not yet closed */
    bool closing;
    enum outcome closing_outcome;
    uv_timer_t
        timer;       /* time-outs, rests, idle links: runs while there is something to look after */
    uv_idle_t later; /* sends what waits, from the loop's next round */
    uv_prepare_t before_wait; /* flushes, before the loop waits */
    struct link *flush_first;
    struct api_message message;
    uint32_t wanted_count;
    uint64_t wanted_sizes; /* bit i: some wanted name has i bytes (modulo 64) */
    struct api_text wanted_name[EXCHANGE_WANTED_MAX];
    struct api_text wanted[EXCHANGE_WANTED_MAX]; /* values in the head being read */
    z_stream inflater;
    char *unpacked; /* link_body_max() bytes; NULL = nothing was packed yet */
    char *send;
    size_t send_capacity;
    char read[POOL_READ_SIZE];
};

/* ---- pool.c, for link.c ---------------------------------------------------------------------- */

/* Puts a link into the list where it belongs, or closes it when it has been retired and is done. */
void pool_place(struct link *link);
/* Takes it off its list, if it is on one. */
void pool_displace(struct link *link);
/* How long a link may be idle, as far as the options say; UINT64_MAX = for ever. */
uint64_t pool_idle_ms(const struct pool *pool);
/* Whose turn it is of the target's addresses. */
uint32_t pool_next_address(struct pool_side *side);
/* Takes it off the list of links to be flushed, if it is on it. */
void pool_forget_flush(struct link *link);
/* It is up: sends what waits. */
void pool_link_up(struct link *link);
/* It has been closed, its memory is about to go. */
void pool_link_gone(struct link *link);
/* Gives an exchange back to the head of the queue. */
void pool_requeue(struct pool_side *side, struct exchange *exchange);
/* Sends what waits as far as links have room, and opens links for the rest. */
void pool_dispatch(struct pool_side *side);
/* The same for all targets, soon. */
void pool_later(struct pool *pool);

/* ---- link.c, for pool.c ---------------------------------------------------------------------- */

/* Begins to connect. NULL = memory is short. What goes wrong later comes by pool_link_gone(). */
struct link *link_open(struct pool_side *side);
/* Closes it; exchanges still on it are failed, or given back, once it has been closed. */
void link_close(struct link *link);
/* Fails, or gives back, all that is still in flight. `ended`: in good order, by the peer. */
void link_drop_all(struct link *link, bool ended);
/* Appends an exchange to those in flight, or takes it off. */
void link_put(struct link *link, struct exchange *exchange);
void link_drop(struct link *link, struct exchange *exchange);

/* ---- link_body.c, for pool.c ----------------------------------------------------------------- */

void link_prepare_wanted(struct pool *pool, const struct exchange_events *events);
void link_free_unpacked(struct pool *pool);

#endif
