/* Connections of one thread to its targets: who waits, who sends, who is closed.
 *
 * Requests of a target go to a link with room, the one used last first; else a new link is opened
 * up to the limit, and the exchange waits in order. Waiting is part of its response time. A kept
 * connection that turns out to be closed before any byte of an answer gives its idempotent
 * exchanges back to the queue once, counted as resent; the others fail as reset.
 * After a connect error the target rests for a moment (10 ms doubling to 1 s) and what waits fails
 * as connect_error, so that a dead target is not hammered and nothing waits for ever.
 */
#ifndef REPLAY_POOL_H
#define REPLAY_POOL_H

#include "replay/exchange.h"
#include "replay/link.h"

#include <uv.h>

/* A service address, resolved before the run; shared by all threads, read-only. */
struct target {
    char *url;             /* as given, without user info */
    char *authority;       /* for Host: host, and port when it isn't the scheme's own */
    char *base_path;       /* "" or "/v1": before each path */
    char *authorization;   /* "Basic ..." from user info in the URL, NULL = none: a secret */
    bool tls, http2_prior; /* https; h2c with prior knowledge */
    char *unix_path;       /* NULL = TCP */
    struct sockaddr_storage address[8];
    uint32_t address_count; /* links take them in turn */
    struct tls_context *tls_context;
};

/* Parses "http://host:port/base", "https://...", "unix:/run/x.sock[:/base]", resolves the name, and
 * refuses what is not loopback unless `allowed_hosts` (NULL-terminated or NULL) names it. BAD_USAGE
 * for a bad URL or a host that isn't allowed, CANNOT_RUN for a name that can't be resolved. */
struct target *target_new(const char *url, const char *const *allowed_hosts, GError **ret_error);
/* Tries one TCP or unix connection, at most `timeout_ms`: CANNOT_RUN "can't reach URL: connection
 * refused". */
gboolean target_probe(const struct target *target, uint32_t timeout_ms, GError **ret_error);
void target_free(struct target *target);

struct pool_options {
    uint32_t links_max;   /* of each target, this thread */
    uint32_t pipeline;    /* HTTP/1.1 requests in flight on a link; 1 = none */
    uint32_t streams;     /* HTTP/2 streams of a link */
    uint32_t waiting_max; /* of each target; what comes after is shed */
    int64_t connect_timeout_us;
    int64_t idle_ms; /* links idle for longer are closed, and not used again; 0 = never. A service's
                      * Keep-Alive: timeout=N counts, too, when it is less: N s less 1 s, or N/2 */
    uint32_t body_max; /* of a wanted body that is kept; 0 = API_BODY_MAX */
    const char *user_agent;
};

struct pool_counts {
    uint64_t opened, closed, connect_errors, resent;
    uint64_t bytes_out, bytes_in; /* of requests and answers, above TLS */
    uint64_t gzip_replies;
    uint32_t open_now, open_max, waiting_now, waiting_max;
    uint64_t link_memory; /* bytes of all links now */
};

/* Takes its memory for links as they are opened; `targets` are borrowed. The process must
 * ignore SIGPIPE, as the command's main() does. Returns NULL when memory is short. */
struct pool *pool_new(uv_loop_t *loop, const struct target *const *targets, uint32_t target_count,
                      const struct pool_options *options, const struct exchange_events *events);
/* Closes all links; exchanges in flight are failed with `outcome` first. The loop must then run
 * until pool_is_closed(). */
void pool_close(struct pool *pool, enum outcome outcome);
bool pool_is_closed(const struct pool *pool);
void pool_free(struct pool *pool);

/* Sends the exchange on exchange->target as soon as a link has room, perhaps before the call
 * returns (events->reply never comes before it does; events->fail and a FALSE render may). */
void pool_request(struct pool *pool, struct exchange *exchange);
/* Gives up on an exchange, waiting or in flight: the pool forgets it without a call. */
void pool_cancel(struct pool *pool, struct exchange *exchange);
const struct pool_counts *pool_counts(const struct pool *pool);
/* Monotonic nanoseconds (CLOCK_MONOTONIC). */
int64_t clock_ns(void);

#endif
